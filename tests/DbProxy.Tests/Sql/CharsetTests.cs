using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

/// <summary>Texts written in Latin-1 here, byte for byte; each would be read wrongly byte by byte.</summary>
public sealed class CharsetTests
{
    [Theory]
    [InlineData(LexerModes.Gbk, "SELECT '\u00d5\\' FOR UPDATE -- '", StatementTraits.LocksRows)]
    [InlineData(LexerModes.Gb18030, "SELECT '\u00d5\\' FOR UPDATE -- '", StatementTraits.LocksRows)]
    [InlineData(LexerModes.Big5, "SELECT '\u00a5\\' FOR UPDATE -- '", StatementTraits.LocksRows)]
    [InlineData(LexerModes.ShiftJis, "SELECT \"\u0083\\\" FOR UPDATE -- \"", StatementTraits.LocksRows)]
    [InlineData(LexerModes.ShiftJis, "SELECT 1 AS \u0083` FOR UPDATE -- `", StatementTraits.LocksRows)]
    [InlineData(LexerModes.ShiftJis, "SELECT 1 AS `\u0083`` FOR UPDATE -- `", StatementTraits.LocksRows)]
    [InlineData(LexerModes.Gbk, "SELECT @\u0084` FROM t FOR UPDATE -- `", StatementTraits.LocksRows)]
    [InlineData(LexerModes.Gbk | LexerModes.AnsiQuotes, "SELECT 1 AS \u0084` FOR SHARE -- `", StatementTraits.LocksRows)]
    [InlineData(LexerModes.BlankA0, "SELECT 1 FROM t FOR\u00a0UPDATE", StatementTraits.LocksRows)]
    [InlineData(LexerModes.BlankFF, "SELECT 1\u00ffFROM t FOR \u00ffUPDATE", StatementTraits.LocksRows)]
    public void What_stands_behind_half_a_character_is_seen(LexerModes modes, string sql, StatementTraits trait)
    {
        var statement = StatementClassifier.Classify(Encoding.Latin1.GetBytes(sql), modes);
        Assert.Equal((StatementKind.Select, StatementAccess.Write), (statement.Kind, statement.Access));
        Assert.True(statement.Has(trait), statement.ToString());
        Assert.False(StatementClassifier.Classify(Encoding.Latin1.GetBytes(sql), modes & ~LexerModes.AnyCharset).Has(trait), "the case shows nothing");
    }

    [Theory]
    [InlineData(LexerModes.Gbk, "SELECT '\\\u00d5\\' FOR UPDATE -- '")]
    [InlineData(LexerModes.Gbk, "SELECT '\u0081' -- x'")]
    [InlineData(LexerModes.Gbk, "SELECT 1 /* \u0081*/ /* FOR UPDATE */")]
    [InlineData(LexerModes.Big5, "SELECT '\u0081\\' FOR UPDATE -- '")]
    [InlineData(LexerModes.ShiftJis, "SELECT '\u00b1\\' FOR UPDATE -- '")]
    [InlineData(LexerModes.Gb18030, "SELECT '\u00810\u00810\\' FOR UPDATE -- '")]
    public void What_is_no_whole_character_hides_as_always(LexerModes modes, string sql) =>
        Assert.Equal(StatementAccess.Read, StatementClassifier.Classify(Encoding.Latin1.GetBytes(sql), modes).Access);

    [Theory]
    [InlineData(LexerModes.Gbk, "SELECT '\u00d5\\'; DELETE FROM t -- '")]
    [InlineData(LexerModes.ShiftJis, "SELECT 1 AS \u0083`; DELETE FROM t -- `")]
    public void A_batch_is_split_at_its_semicolon(LexerModes modes, string sql)
    {
        Assert.Equal(StatementKind.Batch, StatementClassifier.Classify(Encoding.Latin1.GetBytes(sql), modes).Kind);
        Assert.Equal(StatementKind.Select, StatementClassifier.Classify(Encoding.Latin1.GetBytes(sql), LexerModes.None).Kind);
    }

    [Fact]
    public void A_hint_in_a_comment_behind_such_a_string_counts() =>
        Assert.Equal(RoutingHint.Primary, StatementClassifier.Classify(Encoding.Latin1.GetBytes("SELECT '\u00d5\\' /* dbproxy:primary \u00d5\\ */"), LexerModes.Gbk).Hint);

    [Fact]
    public void A_digest_takes_the_string_as_one_literal()
    {
        Span<byte> text = stackalloc byte[100];
        int length = StatementDigest.Normalize(Encoding.Latin1.GetBytes("select '\u00d5\\', 2 from t where a = 'x'"), text, LexerModes.Gbk);
        Assert.Equal("SELECT ... FROM t WHERE a = ?", Encoding.UTF8.GetString(text[..length]));
    }

    [Theory]
    [InlineData("GBK", LexerModes.Gbk)]
    [InlineData("cp932", LexerModes.ShiftJis)]
    [InlineData("utf8mb4", LexerModes.None)]
    [InlineData("euckr", LexerModes.None)]
    public void Each_character_set_has_its_mode(string charset, LexerModes modes) => Assert.Equal(modes, CharsetModes.Of(charset));
}
