using System.Runtime.CompilerServices;

namespace DbProxy.Sql;

/// <summary>
/// The shape of a statement: literals become <c>?</c>, runs of literals and lists behind IN become <c>...</c>, of the rows of VALUES
/// only the first counts, comments vanish (a version comment is read as code), blanks become one, reserved words upper case.
/// Names keep their case and quotes. A literal's sign belongs to it.
/// </summary>
public static class StatementDigest
{
    private const int HashBlock = 256;

    /// <summary>
    /// The digest's 64-bit hash, the same in every process and on every machine of one version of this library. Not made to
    /// withstand chosen collisions. Allocates nothing.
    /// </summary>
    /// <param name="sql">The text.</param>
    /// <param name="modes">The session's lexical modes.</param>
    [SkipLocalsInit]
    public static ulong Compute(ReadOnlySpan<byte> sql, LexerModes modes)
    {
        Span<byte> block = stackalloc byte[HashBlock];
        var builder = new DigestBuilder(sql, modes, new DigestWriter(block, hashes: true));
        builder.Run();
        return builder.Writer.FinishHash();
    }

    /// <summary>
    /// Writes the digest's text and returns its length in bytes. A text that doesn't fit is cut at a whole UTF-8 character;
    /// behind an open quote or comment the text ends with <c>&lt;open&gt;</c>.
    /// </summary>
    /// <param name="sql">The text.</param>
    /// <param name="destination">Where to write; its length is the bound.</param>
    /// <param name="modes">The session's lexical modes.</param>
    public static int Normalize(ReadOnlySpan<byte> sql, Span<byte> destination, LexerModes modes)
    {
        var builder = new DigestBuilder(sql, modes, new DigestWriter(destination, hashes: false));
        builder.Run();
        return builder.Writer.FinishText();
    }
}
