using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class HeldNamesTests
{
    private const StatementTraits All = StatementTraits.TemporaryTable | StatementTraits.NamedLock | StatementTraits.Handler;

    [Theory]
    [InlineData("CREATE TEMPORARY TABLE a (i INT)", "DROP TEMPORARY TABLE a")]
    [InlineData("create temporary table if not exists `A` select 1", "drop table if exists a, b restrict")]
    [InlineData("CREATE OR REPLACE TEMPORARY TABLE a (i INT)", "CREATE TEMPORARY TABLE b LIKE c", "DROP TEMPORARY TABLE IF EXISTS b, a;")]
    [InlineData("CREATE TEMPORARY TABLE a (i INT)", "INSERT INTO a VALUES (1)", "CREATE TABLE t (i INT)", "DROP VIEW v", "DROP TABLE a")]
    [InlineData("SELECT GET_LOCK('a', 10)", "SELECT RELEASE_LOCK('A')")]
    [InlineData("DO GET_LOCK('a', 10)", "SELECT GET_LOCK(\"a\", 0) AS l", "DO RELEASE_LOCK('a')", "DO RELEASE_LOCK('a');")]
    [InlineData("SELECT GET_LOCK('a', 10)", "SELECT GET_LOCK('b', 10) got", "SELECT RELEASE_ALL_LOCKS()")]
    [InlineData("SELECT GET_LOCK(CONCAT('a', 'b'), 10)", "DO RELEASE_ALL_LOCKS()")]
    [InlineData("SELECT IS_FREE_LOCK('a')")]
    [InlineData("SELECT IS_USED_LOCK('a') AS used")]
    [InlineData("HANDLER t OPEN", "HANDLER t READ FIRST", "HANDLER t CLOSE")]
    [InlineData("HANDLER t OPEN AS h", "HANDLER t OPEN AS i", "HANDLER i CLOSE", "HANDLER h CLOSE")]
    public void Nothing_is_held_behind_the_last(params string[] statements) => Assert.Equal(StatementTraits.None, Play(statements));

    [Theory]
    [InlineData(StatementTraits.TemporaryTable, "CREATE TEMPORARY TABLE a (i INT)", "CREATE TEMPORARY TABLE b (i INT)", "DROP TEMPORARY TABLE b")]
    [InlineData(StatementTraits.TemporaryTable, "CREATE TEMPORARY TABLE a (i INT)", "USE other", "DROP TEMPORARY TABLE IF EXISTS a")]
    [InlineData(StatementTraits.TemporaryTable, "CREATE TEMPORARY TABLE x.a (i INT)", "DROP TEMPORARY TABLE x.a")]
    [InlineData(StatementTraits.TemporaryTable, "CREATE TEMPORARY TABLE a (i INT)", "ALTER TABLE a RENAME b", "CREATE TEMPORARY TABLE a (i INT)", "DROP TEMPORARY TABLE a")]
    [InlineData(StatementTraits.NamedLock, "SELECT GET_LOCK('a', 0)", "SELECT GET_LOCK('a', 0)", "SELECT RELEASE_LOCK('a')")]
    [InlineData(StatementTraits.NamedLock, "SELECT GET_LOCK('a', 0)", "SELECT GET_LOCK('b', 0)", "SELECT RELEASE_LOCK('a')")]
    [InlineData(StatementTraits.NamedLock, "SELECT GET_LOCK(?, 0)", "SELECT RELEASE_LOCK(?)")]
    [InlineData(StatementTraits.NamedLock, "SELECT GET_LOCK('a', 0), GET_LOCK('b', 0)", "SELECT RELEASE_LOCK('a')")]
    [InlineData(StatementTraits.NamedLock, "SELECT RELEASE_ALL_LOCKS(), GET_LOCK('a', 0)")]
    [InlineData(StatementTraits.NamedLock, "SELECT GET_LOCK('it''s', 0)", "SELECT RELEASE_LOCK('it''s')")]
    [InlineData(StatementTraits.Handler, "HANDLER t OPEN AS h", "HANDLER t CLOSE")]
    [InlineData(All, "CALL p()", "DROP TEMPORARY TABLE a")]
    [InlineData(All, "CREATE TEMPORARY TABLE a (i INT); SELECT 1", "DROP TEMPORARY TABLE a")]
    public void What_may_be_left_counts_as_held(StatementTraits expected, params string[] statements) => Assert.Equal(expected, Play(statements));

    private static StatementTraits Play(string[] statements)
    {
        var names = new HeldNames();
        var schema = "s";
        foreach (var text in statements)
        {
            var sql = Encoding.UTF8.GetBytes(text);
            schema = text == "USE other" ? "other" : schema;
            names.Note(StatementClassifier.Classify(sql, LexerModes.None), sql, LexerModes.None, schema);
        }

        return names.Held;
    }
}
