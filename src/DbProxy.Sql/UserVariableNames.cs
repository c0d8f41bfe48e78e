using System.Text;

namespace DbProxy.Sql;

/// <summary>The user variables that a text names.</summary>
public static class UserVariableNames
{
    /// <summary>Adds each name once, without @ and quotes. False when one is not plain ASCII: then it is not told.</summary>
    public static bool Collect(ReadOnlySpan<byte> sql, LexerModes modes, ICollection<string> names)
    {
        ArgumentNullException.ThrowIfNull(names);
        var lexer = new Lexer(sql, modes);
        while (lexer.Next() is not (TokenKind.End or TokenKind.Invalid))
        {
            if (lexer.Kind != TokenKind.UserVariable)
                continue;
            var name = lexer.Text[1..];
            if (name.Length > 1 && name[0] is (byte)'`' or (byte)'\'' or (byte)'"')
                name = name[1..^1];
            if (name.IsEmpty || name.IndexOfAnyExcept(Plain) >= 0)
                return false;
            var text = Encoding.ASCII.GetString(name).ToLowerInvariant();
            if (!names.Contains(text))
                names.Add(text);
        }
        return lexer.Kind == TokenKind.End;
    }

    private static ReadOnlySpan<byte> Plain => "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_$."u8;
}
