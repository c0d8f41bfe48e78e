using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class StatementCountsTests
{
    [Theory]
    [InlineData("SELECT ROW_COUNT()", "SELECT IF(TRUE,-1,ROW_COUNT()) AS `ROW_COUNT()`")]
    [InlineData("SELECT row_count() AS n, Found_Rows ( )", "SELECT IF(TRUE,-1,ROW_COUNT()) AS n, IF(TRUE,7,FOUND_ROWS()) AS `Found_Rows ( )`")]
    [InlineData("SELECT id FROM t WHERE n = FOUND_ROWS()", "SELECT id FROM t WHERE n = IF(TRUE,7,FOUND_ROWS())")]
    [InlineData("SELECT 'ROW_COUNT()', CONNECTION_ID()", null)]
    public void The_numbers_take_the_calls_place(string sql, string? expected) => Assert.Equal(
        expected, StatementCounts.Replace(Encoding.UTF8.GetBytes(sql), LexerModes.None, -1, 7) is { } text ? Encoding.UTF8.GetString(text) : null);

    [Theory]
    [InlineData("SELECT 1", false)]
    [InlineData("SELECT 'f', f, IF(1, 2, 3)", false)]
    [InlineData("SELECT 1 From t", true)]
    [InlineData("SELECT f fro\nFROM", true)]
    [InlineData("F", false)]
    public void A_table_stands_behind_from(string sql, bool names) => Assert.Equal(names, StatementCounts.NamesTables(Encoding.UTF8.GetBytes(sql)));
}
