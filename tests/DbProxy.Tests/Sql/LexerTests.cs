using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class LexerTests
{
    [Theory]
    [InlineData("SELECT a.b", "Word:SELECT Word:a Dot:. Word:b")]
    [InlineData("t.1for", "Word:t Dot:. Word:1for")]
    [InlineData("t .1for", "Word:t Number:.1 Word:for")]
    [InlineData("`t`.1for", "QuotedIdentifier:`t` Number:.1 Word:for")]
    [InlineData("1.for", "Number:1. Word:for")]
    [InlineData("1e5for 1e+5x 1e 1e+ 1.5E-3", "Number:1e5 Word:for Number:1e+5 Word:x Word:1e Word:1e Punctuation:+ Number:1.5E-3")]
    [InlineData("0x1F 0X1F 0b01 0b02 0x 0xZ", "Number:0x1F Word:0X1F Number:0b01 Word:0b02 Word:0x Word:0xZ")]
    [InlineData("x'4D' N'a' b'1' n 'a'", "String:x'4D' String:N'a' String:b'1' Word:n String:'a'")]
    [InlineData("_utf8'a' 'a''b' \"a\"\"b\" 'a\\'b'", "Word:_utf8 String:'a' String:'a''b' String:\"a\"\"b\" String:'a\\'b'")]
    [InlineData("`a``b` $a a$b über", "QuotedIdentifier:`a``b` Word:$a Word:a$b Word:über")]
    [InlineData("@a @a.b @'x y' @`x` @\"x\" @", "UserVariable:@a UserVariable:@a.b UserVariable:@'x y' UserVariable:@`x` UserVariable:@\"x\" UserVariable:@")]
    [InlineData("@@a.b", "SystemVariable:@@ Word:a Dot:. Word:b")]
    [InlineData("a:=1 : =", "Word:a Assign::= Number:1 Punctuation:: Punctuation:=")]
    [InlineData("5--3", "Number:5 Punctuation:- Punctuation:- Number:3")]
    [InlineData("5-- 3\n6 --\t7\n8 --", "Number:5 Number:6 Number:8")]
    [InlineData("a#b\nc", "Word:a Word:c")]
    [InlineData("a/*b*/c/**/d/*/e*/f", "Word:a Word:c Word:d Word:f")]
    [InlineData("a/b*c", "Word:a Punctuation:/ Word:b Punctuation:* Word:c")]
    [InlineData("a //**/ b", "Word:a Punctuation:/ Word:b")]
    [InlineData("/*!b*/ */", "Word:b Punctuation:* Punctuation:/")]
    [InlineData("/*!50001b*/c /*!5000b*/", "Word:b Word:c Word:5000b")]
    [InlineData("?,(;)", "Parameter:? Comma:, LeftParen:( Semicolon:; RightParen:)")]
    [InlineData("a\0b", "Word:a Invalid")]
    [InlineData("a 'b", "Word:a Invalid")]
    public void Tokens_end_where_the_servers_end_them(string sql, string tokens) => Assert.Equal(tokens, Describe(sql));

    [Fact]
    public void Every_keyword_is_found_in_any_case_and_none_of_its_parts()
    {
        foreach (var keyword in Enum.GetValues<Keyword>().Where(k => k > Keyword.Qualified))
        {
            var word = Keywords.Spell(keyword);
            foreach (var spelled in new[] { word, word.ToUpperInvariant(), char.ToUpperInvariant(word[0]) + word[1..] })
                Assert.Equal(keyword, Keywords.Find(Encoding.ASCII.GetBytes(spelled), 0, word.Length));
            Assert.NotEqual(keyword, Keywords.Find(Encoding.ASCII.GetBytes(word + "x"), 0, word.Length + 1));
            Assert.Equal(keyword, Keywords.Find(Encoding.ASCII.GetBytes("(" + word + "(and more"), 1, word.Length));
        }
    }

    [Theory]
    [InlineData("'a")]
    [InlineData("/* a")]
    [InlineData("/*! a")]
    public void An_error_stays_one_however_often_it_is_asked(string sql)
    {
        var lexer = new Lexer(Encoding.UTF8.GetBytes(sql), LexerModes.None);
        for (var i = 0; i < 3; i++)
            lexer.Next();
        Assert.Equal(TokenKind.Invalid, lexer.Next());
    }

    private static string Describe(string sql)
    {
        var lexer = new Lexer(Encoding.UTF8.GetBytes(sql), LexerModes.None);
        var tokens = new List<string>();
        while (lexer.Next() != TokenKind.End)
        {
            if (lexer.Kind == TokenKind.Invalid)
            {
                tokens.Add("Invalid");
                break;
            }
            tokens.Add(lexer.Kind + ":" + Encoding.UTF8.GetString(lexer.Text));
        }
        return string.Join(' ', tokens);
    }
}
