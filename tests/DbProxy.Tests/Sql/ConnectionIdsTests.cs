using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class ConnectionIdsTests
{
    /// <summary>In the results, # stands for the literal.</summary>
    [Theory]
    [InlineData("SELECT CONNECTION_ID()", "SELECT # AS `CONNECTION_ID()`")]
    [InlineData("select connection_id ( ) ;", "select # AS `connection_id ( )` ;")]
    [InlineData("SELECT CONNECTION_ID() AS id, 1", "SELECT # AS id, 1")]
    [InlineData("SELECT CONNECTION_ID() id FROM t", "SELECT # id FROM t")]
    [InlineData("SELECT 1, CONNECTION_ID()+1, VERSION()", "SELECT 1, #+1 AS `CONNECTION_ID()+1`, VERSION()")]
    [InlineData("SELECT DISTINCT CONNECTION_ID() FROM t WHERE a = CONNECTION_ID()", "SELECT DISTINCT # AS `CONNECTION_ID()` FROM t WHERE a = #")]
    [InlineData("SELECT (CONNECTION_ID()), f(1, CONNECTION_ID())", "SELECT (#) AS `(CONNECTION_ID())`, f(1, #) AS `f(1, CONNECTION_ID())`")]
    [InlineData("SELECT (SELECT CONNECTION_ID() FROM dual)", "SELECT (SELECT # AS `CONNECTION_ID()` FROM dual) AS `(SELECT CONNECTION_ID() FROM dual)`")]
    [InlineData("SELECT `connection_id`(), @@pseudo_thread_id, @@session.pseudo_thread_id", "SELECT # AS ```connection_id``()`, # AS `@@pseudo_thread_id`, # AS `@@session.pseudo_thread_id`")]
    [InlineData("SELECT 1; SELECT CONNECTION_ID(); SELECT CONNECTION_ID() UNION SELECT 2", "SELECT 1; SELECT # AS `CONNECTION_ID()`; SELECT # AS `CONNECTION_ID()` UNION SELECT 2")]
    [InlineData("INSERT INTO t VALUES (CONNECTION_ID(), 'CONNECTION_ID()')", "INSERT INTO t VALUES (#, 'CONNECTION_ID()')")]
    [InlineData("INSERT INTO t SELECT CONNECTION_ID() ON DUPLICATE KEY UPDATE a = CONNECTION_ID()", "INSERT INTO t SELECT # AS `CONNECTION_ID()` ON DUPLICATE KEY UPDATE a = #")]
    [InlineData("SET @a = CONNECTION_ID(), @b = @@pseudo_thread_id", "SET @a = #, @b = #")]
    [InlineData("SET @@session.pseudo_thread_id = 5, @a = CONNECTION_ID()", "SET @@session.pseudo_thread_id = 5, @a = #")]
    [InlineData("DELETE FROM t WHERE id = CONNECTION_ID() LIMIT 1", "DELETE FROM t WHERE id = # LIMIT 1")]
    [InlineData("SELECT CONNECTION_ID() INTO @a", "SELECT # AS `CONNECTION_ID()` INTO @a")]
    [InlineData("SELECT CONNECTION_ID(); CREATE VIEW v AS SELECT CONNECTION_ID()", "SELECT # AS `CONNECTION_ID()`; CREATE VIEW v AS SELECT CONNECTION_ID()")]
    [InlineData("BEGIN; SELECT CONNECTION_ID()", "BEGIN; SELECT # AS `CONNECTION_ID()`")]
    [InlineData("KILL CONNECTION_ID()", "KILL #")]
    public void The_id_takes_the_calls_place(string sql, string expected) =>
        Assert.Equal(expected.Replace("#", "CAST(1073741900 AS UNSIGNED)", StringComparison.Ordinal), Replace(sql));

    [Theory]
    [InlineData("CREATE VIEW v AS SELECT CONNECTION_ID()")]
    [InlineData("CREATE PROCEDURE p() SELECT CONNECTION_ID()")]
    [InlineData("BEGIN NOT ATOMIC SELECT CONNECTION_ID(); END")]
    [InlineData("SELECT * FROM information_schema.processlist WHERE id = CONNECTION_ID()")]
    [InlineData("SELECT * FROM processlist WHERE id = CONNECTION_ID()")]
    [InlineData("SELECT CONNECTION_ID() FROM `performance_schema`.threads")]
    [InlineData("SELECT IS_USED_LOCK('a') = CONNECTION_ID()")]
    [InlineData("SELECT sys.ps_thread_id(CONNECTION_ID())")]
    [InlineData("SHOW FULL PROCESSLIST WHERE id = CONNECTION_ID()")]
    [InlineData("SELECT d.connection_id(), @@global.pseudo_thread_id")]
    [InlineData("SELECT /*!99999 CONNECTION_ID(), */ CONNECTION_ID()")]
    [InlineData("SELECT CONNECTION_ID(), 'open")]
    public void Other_texts_stay(string sql) => Assert.Null(Replace(sql));

    [Fact]
    public void An_alias_longer_than_servers_take_is_left_out()
    {
        var sql = $"SELECT CONNECTION_ID() + {new string('1', 260)}";
        Assert.DoesNotContain("AS `", Replace(sql), StringComparison.Ordinal);
    }

    private static string? Replace(string sql) =>
        ConnectionIds.Replace(Encoding.UTF8.GetBytes(sql), LexerModes.None, 1073741900) is { } text ? Encoding.UTF8.GetString(text) : null;
}
