namespace DbProxy.Sql;

/// <summary>
/// Puts numbers in the place of ROW_COUNT() and FOUND_ROWS(), where the connection on which they are asked did not run the
/// statement that they are about. Columns keep their names, their types and MySQL's warning that FOUND_ROWS() is deprecated.
/// </summary>
public static class StatementCounts
{
    /// <summary>Whether a SELECT may have a table: a word FROM, wherever it stands.</summary>
    public static bool NamesTables(ReadOnlySpan<byte> sql)
    {
        for (var at = sql.IndexOfAny((byte)'F', (byte)'f'); at >= 0 && sql.Length - at >= 4;)
        {
            if (System.Text.Ascii.EqualsIgnoreCase(sql.Slice(at, 4), "from"u8))
                return true;
            var next = sql[(at + 1)..].IndexOfAny((byte)'F', (byte)'f');
            at = next < 0 ? -1 : at + 1 + next;
        }
        return false;
    }

    /// <summary>The text with the numbers in it; null: it must stay as it is.</summary>
    /// <param name="sql">One statement: in a batch they are about the one before.</param>
    /// <param name="modes">As for the classifier.</param>
    /// <param name="rowCount">ROW_COUNT(); null: not known.</param>
    /// <param name="foundRows">FOUND_ROWS(); null: not known.</param>
    public static byte[]? Replace(ReadOnlySpan<byte> sql, LexerModes modes, long? rowCount, ulong? foundRows) =>
        rowCount is null && foundRows is null
            ? null
            : new FunctionRewriter(sql, modes, new(
                RowCount: rowCount is { } count ? $"IF(TRUE,{count},ROW_COUNT())" : null,
                FoundRows: foundRows is { } found ? $"IF(TRUE,{found},FOUND_ROWS())" : null)).Run();
}
