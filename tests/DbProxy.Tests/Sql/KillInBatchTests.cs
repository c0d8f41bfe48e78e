using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class KillInBatchTests
{
    [Theory]
    [InlineData("SELECT 1; KILL 5; SELECT 2", "KILL 5;", false)]
    [InlineData("SELECT ';'; /* KILL 1; */ KILL QUERY 5 -- ;", "KILL QUERY 5 -- ;", true)]
    [InlineData("KILL 5; KILL 6;", "KILL 5;", false)]
    [InlineData("; KILL SOFT QUERY @a ; ;", "; KILL SOFT QUERY @a ;", true)]
    [InlineData("SELECT 1; CREATE PROCEDURE p() BEGIN KILL 5; END", null, false)]
    [InlineData("SELECT 1; SELECT kill FROM t", null, false)]
    [InlineData("SELECT 1; /*!99999 KILL 5 */; KILL 6", null, false)]
    [InlineData("SELECT 1; KILL 5; SELECT 'no end", "KILL 5;", false)]
    public void It_is_found_where_servers_agree_on_it(string sql, string? kill, bool isLast)
    {
        byte[] text = Encoding.UTF8.GetBytes(sql);
        var found = StatementClassifier.FindKill(text, LexerModes.None);
        Assert.Equal((kill, isLast), found is { } k ? (sql[k.Begin..k.End], k.IsLast) : (null, false));
        Assert.True(found is null || StatementClassifier.Classify(text, LexerModes.None) is { HoldsKill: true } or { Kind: StatementKind.Kill });
    }

    [Theory]
    [InlineData("KILL 5", false)]
    [InlineData("SELECT 1; SELECT 2", false)]
    [InlineData("SELECT 1; KILL 5", true)]
    [InlineData("KILL 5; SELECT 1", true)]
    public void A_batch_knows_that_it_holds_one(string sql, bool holds) =>
        Assert.Equal(holds, StatementClassifier.Classify(Encoding.UTF8.GetBytes(sql), LexerModes.None).HoldsKill);
}
