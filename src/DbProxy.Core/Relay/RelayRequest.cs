using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Relay;

/// <summary>One command on its way to a server.</summary>
/// <param name="Bytes">The command as on the wire.</param>
/// <param name="Shape">What may come back.</param>
/// <param name="IsRead">Whether running it and throwing the answer away does no harm.</param>
/// <param name="Discard">Whether the client sees nothing of the answer (but an error): the command is the proxy's own.</param>
/// <param name="Silent">Whether the client sees nothing, not even an error: it has its answer already, or the session asks for itself. The first row is kept.</param>
/// <param name="StatementId">The client's id for a statement to prepare.</param>
/// <param name="HandsBackReadOnly">Whether "this server is read-only" comes back as an outcome, to run it elsewhere.</param>
/// <param name="HandsBackWrite">Whether a write that is refused because the server is read-only comes back as an outcome, to wait for a primary.</param>
/// <param name="HandsBackShutdown">Whether "this server shuts down" comes back as an outcome, to run it elsewhere.</param>
/// <param name="HandsBackNoSchema">Whether "no database selected" comes back as an outcome.</param>
/// <param name="Streams">Whether the rest of it is still to come from the client.</param>
internal readonly record struct RelayRequest(
    ReadOnlyMemory<byte> Bytes,
    ResponseShape Shape,
    bool IsRead = false,
    bool Discard = false,
    uint StatementId = 0,
    bool HandsBackReadOnly = false,
    bool HandsBackWrite = false,
    bool HandsBackShutdown = false,
    bool Silent = false,
    bool HandsBackNoSchema = false,
    bool Streams = false);
