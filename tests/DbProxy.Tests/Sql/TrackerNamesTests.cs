using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class TrackerNamesTests
{
    [Theory]
    [InlineData("SELECT @@session_track_schema", true)]
    [InlineData("SELECT 1, @@SESSION.session_track_system_variables FROM t", true)]
    [InlineData("SET session_track_gtids = 'OWN_GTID'", true)]
    [InlineData("SET @@session.session_track_state_change = 1", true)]
    [InlineData("SET sql_mode = '', SESSION `session_track_transaction_info` = 'STATE'", true)]
    [InlineData("SELECT 1; SET session_track_schema = 0", true)]
    [InlineData("SHOW VARIABLES LIKE 'x'", true)]
    [InlineData("SELECT 'session_track_schema'", false)]
    [InlineData("SELECT session_track_schema FROM t", false)]
    [InlineData("SET GLOBAL session_track_schema = 0", false)]
    [InlineData("SET session_track = 0", false)]
    [InlineData("SHOW TABLES", false)]
    [InlineData("USE a", false)]
    [InlineData("KILL 5", false)]
    public void A_statement_that_has_to_do_with_the_trackers_is_known(string sql, bool expected) =>
        Assert.Equal(expected, StatementClassifier.Classify(Encoding.UTF8.GetBytes(sql), LexerModes.None).NamesTrackers);
}
