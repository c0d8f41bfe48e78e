namespace DbProxy.SampleApp.Data;

/// <summary>COMMIT was sent and no answer came: the order may have been taken or not.</summary>
internal sealed class UnknownOutcomeException(Exception inner) : Exception(inner.Message, inner);
