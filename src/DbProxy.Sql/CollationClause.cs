namespace DbProxy.Sql;

/// <summary>
/// Finds the collation that SET NAMES charset COLLATE collation gives a connection. Servers report the character sets
/// that such a statement changes (session_track_system_variables), but not the collation.
/// </summary>
public static class CollationClause
{
    /// <summary>Reads a SET statement.</summary>
    /// <param name="sql">Its text, UTF-8 or any superset of ASCII.</param>
    /// <param name="modes">How the server's lexer reads it.</param>
    /// <param name="collation">The collation's name; empty: the character set's default one.</param>
    /// <returns>False when the text doesn't tell: SET CHARACTER SET takes the schema's, several clauses may contradict.</returns>
    public static bool TryFind(ReadOnlySpan<byte> sql, LexerModes modes, out ReadOnlySpan<byte> collation)
    {
        collation = default;
        var lexer = new Lexer(sql, modes);
        bool names = false, found = false;
        while (lexer.Next() is not (TokenKind.End or TokenKind.Invalid))
        {
            if (lexer.Kind != TokenKind.Word)
            {
                continue;
            }

            if (Is(lexer.Text, "NAMES"u8))
            {
                names = true;
            }
            else if (Is(lexer.Text, "COLLATE"u8))
            {
                if (found || !names)
                {
                    return false;
                }

                found = true;
                lexer.Next();
                collation = lexer.Text.Trim("'\"`"u8);
            }
        }

        return names && lexer.Kind == TokenKind.End;
    }

    private static bool Is(ReadOnlySpan<byte> word, ReadOnlySpan<byte> keyword) => System.Text.Ascii.EqualsIgnoreCase(word, keyword);
}
