using System.Text;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>
/// Keeps the session's collation_connection right where the servers' tracking does not: a changed character set changes
/// it too, to the one that the statement names or to the set's default, and no server reports that.
/// </summary>
internal static class ConnectionCollation
{
    private const string Name = "collation_connection";

    /// <summary>
    /// Among a session's variables: the collation that its SET NAMES … COLLATE … named. It makes the character sets that
    /// collation's, and their collation is told with each column; character sets that are set one by one have their default.
    /// </summary>
    public const string Named = "names";

    /// <summary>Before the reported changes are applied. Returns a pin where the collation cannot be told.</summary>
    public static PinReasons Note(SessionState state, in Statement statement, ReadOnlySpan<byte> sql, ResponseSummary summary)
    {
        bool charset = false;
        foreach (SessionStateChange change in new SessionStateChanges(summary.SessionState))
        {
            if (change.Kind != SessionStateKind.SystemVariable)
            {
                continue;
            }

            if (change.Name.SequenceEqual("collation_connection"u8))
            {
                return PinReasons.None;
            }

            charset |= change.Name.SequenceEqual("character_set_connection"u8);
        }

        if (!charset || statement.HasAny(StatementTraits.SetsForStatement))
        {
            return PinReasons.None;
        }

        state.ForgetVariable(Name);
        state.ForgetVariable(Named);
        ReadOnlySpan<byte> collation = default;
        bool told = statement.Kind == StatementKind.Set && CollationClause.TryFind(sql, state.Modes, out collation);
        if (!told && !IsPlainAssignment(statement, sql))
        {
            return PinReasons.SessionVariable;
        }

        if (collation.Length > 0)
        {
            string name = Encoding.ASCII.GetString(collation);
            state.SetVariable(Name, name);
            state.SetVariable(Named, name);
        }

        return PinReasons.None;
    }

    /// <summary>SET character_set_connection = …: the collation is that character set's default.</summary>
    private static bool IsPlainAssignment(in Statement statement, ReadOnlySpan<byte> sql) =>
        statement.Kind == StatementKind.Set
        && Encoding.ASCII.GetString(sql).Contains("character_set_connection", StringComparison.OrdinalIgnoreCase);
}
