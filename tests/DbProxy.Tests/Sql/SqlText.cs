using System.Text;
using DbProxy.Sql;

namespace DbProxy.Tests.Sql;

/// <summary>Classification of string literals, for short tests.</summary>
internal static class SqlText
{
    public static Statement Classify(string sql, LexerModes modes = LexerModes.None) =>
        StatementClassifier.Classify(Encoding.UTF8.GetBytes(sql), modes);

    public static string Digest(string sql, LexerModes modes = LexerModes.None, int bound = 4096)
    {
        var text = new byte[bound];
        return Encoding.UTF8.GetString(text, 0, StatementDigest.Normalize(Encoding.UTF8.GetBytes(sql), text, modes));
    }

    public static ulong Hash(string sql, LexerModes modes = LexerModes.None) =>
        StatementDigest.Compute(Encoding.UTF8.GetBytes(sql), modes);
}
