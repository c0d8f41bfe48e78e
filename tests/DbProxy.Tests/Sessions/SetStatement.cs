using System.Text;

namespace DbProxy.Tests.Sessions;

/// <summary>What a server makes of a SET statement, as far as SettingsWriter writes such.</summary>
internal static class SetStatement
{
    /// <summary>The assignments in their order; the value is null for the global one.</summary>
    public static List<(string Name, string? Value)> Parse(string sql)
    {
        Assert(sql.StartsWith("SET ", StringComparison.Ordinal), sql);
        var result = new List<(string, string?)>();
        int at = 4;
        while (true)
        {
            if (sql.AsSpan(at).StartsWith("NAMES "))
            {
                int comma = sql.IndexOf(',', at);
                int stop = comma < 0 ? sql.Length : comma;
                result.Add(("NAMES", sql[(at + 6)..stop]));
                at = stop;
            }
            else
            {
                int equals = sql.IndexOf('=', at);
                string name = sql[at..equals];
                at = equals + 1;
                result.Add((name, Value(sql, ref at)));
            }

            if (at == sql.Length)
            {
                return result;
            }

            Assert(sql.AsSpan(at).StartsWith(", "), sql);
            at += 2;
        }
    }

    private static string? Value(string sql, ref int at)
    {
        if (sql[at] == '\'')
        {
            var text = new StringBuilder();
            for (at++; ; at++)
            {
                if (sql[at] == '\'' && (at + 1 == sql.Length || sql[at + 1] != '\''))
                {
                    at++;
                    return text.ToString();
                }

                at += sql[at] == '\'' ? 1 : 0;
                Assert(sql[at] != '\\', "a backslash would be read as an escape");
                text.Append(sql[at]);
            }
        }

        int comma = sql.IndexOf(',', at);
        string word = sql[at..(comma < 0 ? sql.Length : comma)];
        at += word.Length;
        return word switch
        {
            "DEFAULT" => null,
            _ when word.StartsWith("@@global.", StringComparison.Ordinal) => null,
            "NULL" => "",
            _ when word.StartsWith("0x", StringComparison.Ordinal) => Encoding.UTF8.GetString(Convert.FromHexString(word[2..])),
            _ => word,
        };
    }

    private static void Assert(bool condition, string what) => Xunit.Assert.True(condition, what);
}
