using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class StatementDigestTests
{
    [Theory]
    [InlineData("select  c from sbtest1 where id=50123", "SELECT c FROM sbtest1 WHERE id = ?")]
    [InlineData("SELECT 'a', \"b\", 1, 0x1F, -5, 1e3 FROM t", "SELECT ... FROM t")]
    [InlineData("SELECT a-5, -5, a - -5, (1)-2 FROM t", "SELECT a - ..., a - ?, (?) - ? FROM t")]
    [InlineData("SELECT * FROM t WHERE a IN (1)", "SELECT * FROM t WHERE a IN (...)")]
    [InlineData("SELECT * FROM t WHERE a IN (?, ?,?)", "SELECT * FROM t WHERE a IN (...)")]
    [InlineData("SELECT * FROM t WHERE (a,b) IN ((1,2),(3,4))", "SELECT * FROM t WHERE (a, b) IN ((...))")]
    [InlineData("SELECT * FROM t WHERE a IN (SELECT b FROM u)", "SELECT * FROM t WHERE a IN (SELECT b FROM u)")]
    [InlineData("SELECT * FROM t WHERE a IN (1,b,2)", "SELECT * FROM t WHERE a IN (..., b, ?)")]
    [InlineData("INSERT INTO t (a,b) VALUES (1,NOW()),(2,NOW()) , (3,NOW()) ON DUPLICATE KEY UPDATE a=VALUES(a), b=VALUES(b)",
        "INSERT INTO t(a, b) VALUES (?, NOW()) ON DUPLICATE KEY UPDATE a = VALUES (a), b = VALUES (b)")]
    [InlineData("VALUES ROW(1,2), ROW(3,4)", "VALUES ROW (...)")]
    [InlineData("SELECT f(1), g(2)", "SELECT f(?), g(?)")]
    [InlineData("SELECT a FROM t WHERE b IS NULL AND c = NULL AND d IN (NULL, TRUE)", "SELECT a FROM t WHERE b IS NULL AND c = ? AND d IN (...)")]
    [InlineData("SELECT `T`.`a`, t.Select FROM `T`", "SELECT `T`.`a`, t.Select FROM `T`")]
    [InlineData("SELECT a<=>b, a->>'$.x', a!=b, a || b", "SELECT a <=> b, a ->> ?, a != b, a || b")]
    [InlineData("SELECT 'a' 'b' FROM t", "SELECT ? FROM t")]
    [InlineData("SELECT @a, @@global.x", "SELECT @a, @@global.x")]
    [InlineData("SELECT 1; SELECT 2 ; ;", "SELECT ?; SELECT ?")]
    [InlineData("SELECT /*!80000 DISTINCT */ a FROM t", "SELECT DISTINCT a FROM t")]
    [InlineData("SELECT 'x", "SELECT <open>")]
    [InlineData("", "")]
    [InlineData("  ; /* x */", "")]
    public void The_text_keeps_the_shape_only(string sql, string digest) => Assert.Equal(digest, SqlText.Digest(sql));

    [Theory]
    [InlineData("SELECT c FROM t WHERE id=1", "select /* x */ c\nFROM t -- y\nWHERE id = 'abc';")]
    [InlineData("INSERT INTO t VALUES (1,2)", "INSERT INTO t VALUES (1,2),(3,4),(5,6)")]
    [InlineData("SELECT 1 FROM t WHERE a IN (1)", "SELECT 5 FROM t WHERE a IN (1,2,3,4)")]
    [InlineData("UPDATE t SET a=-1", "UPDATE t SET a = 1.5e3")]
    public void One_shape_has_one_hash(string first, string second) => Assert.Equal(SqlText.Hash(first), SqlText.Hash(second));

    [Theory]
    [InlineData("SELECT c FROM t", "SELECT d FROM t")]
    [InlineData("SELECT c FROM t", "SELECT C FROM t")]
    [InlineData("SELECT c FROM t", "SELECT c FROM t LIMIT 1")]
    [InlineData("SELECT a FROM t WHERE b IS NULL", "SELECT a FROM t WHERE b IS NOT NULL")]
    [InlineData("SELECT 1", "SELECT 1; SELECT 1")]
    public void Another_shape_has_another_hash(string first, string second) => Assert.NotEqual(SqlText.Hash(first), SqlText.Hash(second));

    [Fact]
    public void Ansi_quotes_make_a_name_of_a_string()
    {
        Assert.Equal("SELECT \"a\" FROM t", SqlText.Digest("SELECT \"a\" FROM t", LexerModes.AnsiQuotes));
        Assert.Equal("SELECT ? FROM t", SqlText.Digest("SELECT \"a\" FROM t"));
    }

    [Fact]
    public void The_hash_covers_texts_longer_than_any_buffer()
    {
        var columns = string.Join(",", Enumerable.Range(0, 500).Select(i => "column" + i));
        Assert.NotEqual(SqlText.Hash($"SELECT {columns} FROM t"), SqlText.Hash($"SELECT {columns} FROM u"));
        Assert.Equal(SqlText.Hash($"SELECT {columns} FROM t"), SqlText.Hash($"select {columns}  from t"));
    }

    [Fact]
    public void The_hash_stays_the_same_across_processes() => Assert.Equal(14677890541505944707UL, SqlText.Hash("SELECT c FROM sbtest1 WHERE id = 5"));

    [Fact]
    public void A_bound_cuts_at_a_whole_character()
    {
        const string Sql = "SELECT größe FROM tábla";
        var whole = Encoding.UTF8.GetBytes(SqlText.Digest(Sql));
        for (var bound = 0; bound <= whole.Length + 1; bound++)
        {
            var cut = SqlText.Digest(Sql, bound: bound);
            Assert.DoesNotContain('\uFFFD', cut);
            Assert.StartsWith(cut, "SELECT größe FROM tábla", StringComparison.Ordinal);
            Assert.InRange(Encoding.UTF8.GetByteCount(cut), Math.Min(bound, whole.Length) - 1, bound);
        }
    }
}
