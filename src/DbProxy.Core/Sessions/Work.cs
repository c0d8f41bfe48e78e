using DbProxy.Core.Accounting;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>A command on its way through the stages.</summary>
/// <param name="Statement">What it does.</param>
/// <param name="Shape">What may come back.</param>
/// <param name="TextAt">Where in the packet's payload the statement's text begins; 0: it has none.</param>
/// <param name="Prepared">The prepared statement that is executed; null: none.</param>
/// <param name="StatementId">The client's id for a statement to prepare.</param>
/// <param name="Sql">The statement to prepare; null: nothing is prepared.</param>
/// <param name="Command">What is sent in the place of the client's packet; empty: that packet.</param>
/// <param name="Silent">Whether the client sees nothing of the answer: the session asks for itself.</param>
/// <param name="Schema">The schema that the session is in if the command succeeds; null: as before.</param>
internal readonly record struct Work(
    Statement Statement, ResponseShape Shape, int TextAt = 0, PreparedStatement? Prepared = null, uint StatementId = 0,
    byte[]? Sql = null, string? Schema = null, ReadOnlyMemory<byte> Command = default, bool Silent = false)
{
    /// <summary>Whether the statement only reads, or is only prepared: running it again does no harm.</summary>
    public bool IsRepeatable => Statement.Access == StatementAccess.Read || Sql is not null;

    /// <summary>What it counts as.</summary>
    public StatementClass Class =>
        Sql is not null ? StatementClass.Prepare
        : Statement.Access == StatementAccess.Read ? StatementClass.Read
        : Statement.HasAny(StatementTraits.BeginsTransaction | StatementTraits.EndsTransaction) ? StatementClass.Transaction
        : Statement.Kind is StatementKind.Set or StatementKind.Show or StatementKind.Use ? StatementClass.Other
        : StatementClass.Write;

    /// <summary>The statement's text, wherever it is; empty where the client's packet is gone, behind a local file of its.</summary>
    /// <param name="payload">The client's packet.</param>
    public ReadOnlySpan<byte> SqlIn(ReadOnlySpan<byte> payload) =>
        Prepared is { } prepared ? prepared.Sql
        : TextAt == 0 ? Sql
        : payload.Length > TextAt ? payload[TextAt..] : [];
}
