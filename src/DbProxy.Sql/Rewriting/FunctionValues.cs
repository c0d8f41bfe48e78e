namespace DbProxy.Sql;

/// <summary>The literals that take functions' places; null: that function stays.</summary>
internal readonly record struct FunctionValues(string? ConnectionId = null, string? RowCount = null, string? FoundRows = null)
{
    /// <summary>The literal for a function's name.</summary>
    public string? Find(ReadOnlySpan<byte> name) =>
        RewritingWords.Are(name, "connection_id"u8) ? ConnectionId
        : RewritingWords.Are(name, "row_count"u8) ? RowCount
        : RewritingWords.Are(name, "found_rows"u8) ? FoundRows
        : null;
}
