namespace DbProxy.Sql;

/// <summary>
/// Puts a number in the place of CONNECTION_ID() and @@pseudo_thread_id, so that a client reads the id that it was given
/// and not that of the connection which happens to run its statement. Columns keep their names.
/// </summary>
/// <remarks>
/// Left as they are: definitions and compound statements (what they create runs in other sessions, too), texts that
/// servers of different versions read differently, and statements that compare the number with the server's own ones
/// (process lists, the performance schema, IS_USED_LOCK).
/// </remarks>
public static class ConnectionIds
{
    /// <summary>The text with <paramref name="id"/> in it; null: the text must stay as it is.</summary>
    /// <param name="sql">A text with <see cref="StatementTraits.ConnectionId"/>.</param>
    /// <param name="modes">As for the classifier.</param>
    /// <param name="id">The id that the client knows.</param>
    public static byte[]? Replace(ReadOnlySpan<byte> sql, LexerModes modes, uint id) =>
        new FunctionRewriter(sql, modes, new(ConnectionId: $"CAST({id} AS UNSIGNED)")).Run();

    /// <summary>Whether a schema's tables hold the server's own ids, so that statements in it mean those.</summary>
    public static bool AreServersOwn(string schema) =>
        schema.Equals("performance_schema", StringComparison.OrdinalIgnoreCase)
        || schema.Equals("information_schema", StringComparison.OrdinalIgnoreCase) || schema.Equals("sys", StringComparison.OrdinalIgnoreCase);
}
