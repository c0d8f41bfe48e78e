using System.Text;
using DbProxy.Core.Gtids;
using Xunit;

namespace DbProxy.Tests.Gtids;

public sealed class GtidTokenTests
{
    private const string A = "3e11fa47-71ca-11e1-9e33-c80aa9429562", B = "4e11fa47-71ca-11e1-9e33-c80aa9429562";

    [Theory]
    [InlineData(A + ":5", A + ":5")]
    [InlineData("3E11FA47-71CA-11E1-9E33-C80AA9429562:5-7", A + ":5-7")]
    [InlineData(A + ":5:9", A + ":5-9")]
    [InlineData(A + ":app:5", A + ":app:5")]
    [InlineData(A + ":2:App_1:5-6:zz:7", A + ":2," + A + ":app_1:5-6," + A + ":zz:7")]
    [InlineData(B + ":3,\n" + A + ":5", A + ":5," + B + ":3")]
    [InlineData("0-1-123", "0-1-123")]
    [InlineData("1-1-5, 0-2-9", "0-2-9,1-1-5")]
    [InlineData("0-1-5,0-2-7", "0-2-7")]
    public void Reads_what_the_session_tracker_gives(string text, string expected) =>
        Assert.Equal(expected, Token(text).ToString());

    [Theory]
    [InlineData("")]
    [InlineData(" ")]
    [InlineData("x")]
    [InlineData(A)]
    [InlineData(A + ":")]
    [InlineData(A + ":0")]
    [InlineData(A + ":7-5")]
    [InlineData(A + ":5-")]
    [InlineData(A + ":5x")]
    [InlineData(A + ":tag")]
    [InlineData(A + ":a-b:5")]
    [InlineData(A + ":-5")]
    [InlineData(A + ":99999999999999999999")]
    [InlineData("0-1")]
    [InlineData("0-1-")]
    [InlineData("0--1-5")]
    [InlineData("0-4294967296-5")]
    [InlineData("0-1-5;")]
    public void Anything_else_is_no_token(string text) => Assert.Null(GtidToken.Parse(Encoding.ASCII.GetBytes(text)));

    [Theory]
    [InlineData(A + ":5", A + ":6", A + ":5-6")]
    [InlineData(A + ":5", A + ":9", A + ":5-9")]
    [InlineData(A + ":9", A + ":5", A + ":5-9")]
    [InlineData(A + ":5-9", A + ":6", A + ":5-9")]
    [InlineData(A + ":5", B + ":1", A + ":5," + B + ":1")]
    [InlineData(A + ":5", A + ":tag:6", A + ":5," + A + ":tag:6")]
    [InlineData(A + ":5", A + ":1000006", A + ":5," + A + ":1000006")]
    [InlineData("0-1-5", "0-1-9", "0-1-9")]
    [InlineData("0-1-5", "1-1-2", "0-1-5,1-1-2")]
    [InlineData("0-1-5", A + ":2", A + ":2")]
    public void Merging_covers_both(string older, string newer, string expected) =>
        Assert.Equal(expected, Token(older).Merge(Token(newer), olderAppliedEverywhere: false).ToString());

    [Fact]
    public void What_is_applied_everywhere_needs_no_waiting() =>
        Assert.Equal(A + ":9", Token(A + ":5").Merge(Token(A + ":9"), olderAppliedEverywhere: true).ToString());

    [Fact]
    public void The_wait_statement_fits_the_flavor()
    {
        Assert.Equal($"SELECT WAIT_FOR_EXECUTED_GTID_SET('{A}:5-7', 0.02)", Wait(Token(A + ":5-7"), 20));
        Assert.Equal("SELECT MASTER_GTID_WAIT('0-1-123', 1.5)", Wait(Token("0-1-123"), 1500));
        // Zero would mean "for ever" to MySQL.
        Assert.Equal("SELECT MASTER_GTID_WAIT('0-1-123', 0.000001)", Wait(Token("0-1-123"), 0));
    }

    [Fact]
    public void The_wait_statement_is_made_once_for_each_timeout()
    {
        var token = Token(A + ":5");
        Wait(token, 20);
        var before = GC.GetAllocatedBytesForCurrentThread();
        token.WaitStatement(TimeSpan.FromMilliseconds(20));
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
        Assert.EndsWith("0.05)", Wait(token, 50));
    }

    [Fact]
    public void Equal_by_content()
    {
        Assert.Equal(Token(A + ":5-6"), Token(A + ":5").Merge(Token(A + ":6"), false));
        Assert.Equal(Token("0-1-5").GetHashCode(), Token("0-1-5").GetHashCode());
        Assert.NotEqual(Token("0-1-5"), Token("0-1-6"));
    }

    internal static GtidToken Token(string text) => GtidToken.Parse(Encoding.ASCII.GetBytes(text))!;

    private static string Wait(GtidToken token, int milliseconds) =>
        Encoding.ASCII.GetString(token.WaitStatement(TimeSpan.FromMilliseconds(milliseconds)).Span);
}
