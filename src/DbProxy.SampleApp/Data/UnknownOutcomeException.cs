using MySqlConnector;

namespace DbProxy.SampleApp.Data;

/// <summary>COMMIT was sent and no answer came: the order may have been taken or not.</summary>
internal sealed class UnknownOutcomeException(MySqlException inner) : Exception(inner.Message, inner);
