using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class RoutingHintTests
{
    [Theory]
    [InlineData("/* dbproxy:primary */ SELECT 1", RoutingHint.Primary)]
    [InlineData("/*dbproxy:primary*/SELECT 1", RoutingHint.Primary)]
    [InlineData("/*  DbProxy : PRIMARY  */ SELECT 1", RoutingHint.Primary)]
    [InlineData("SELECT /* dbproxy:replica */ 1", RoutingHint.Replica)]
    [InlineData("SELECT 1 /* dbproxy:replica traceparent='x' */", RoutingHint.Replica)]
    [InlineData("-- dbproxy:primary\nSELECT 1", RoutingHint.Primary)]
    [InlineData("# dbproxy:replica\nSELECT 1", RoutingHint.Replica)]
    [InlineData("SELECT 1 -- dbproxy:primary", RoutingHint.Primary)]
    [InlineData("/* dbproxy:replica */ SELECT /* dbproxy:primary */ 1", RoutingHint.Primary)]
    [InlineData("/* dbproxy:primary */ SELECT /* dbproxy:replica */ 1", RoutingHint.Primary)]
    [InlineData("SELECT /*+ dbproxy:primary */ 1", RoutingHint.None)]
    [InlineData("SELECT '/* dbproxy:primary */'", RoutingHint.None)]
    [InlineData("/* x dbproxy:primary */ SELECT 1", RoutingHint.None)]
    [InlineData("/* dbproxy:primaryx */ SELECT 1", RoutingHint.None)]
    [InlineData("/* dbproxy:other */ SELECT 1", RoutingHint.None)]
    [InlineData("/* dbproxy */ SELECT 1", RoutingHint.None)]
    public void A_plain_comment_carries_the_hint(string sql, RoutingHint hint)
    {
        var statement = SqlText.Classify(sql);
        Assert.Equal(hint, statement.Hint);
        Assert.Equal(StatementAccess.Read, statement.Access);
    }

    [Theory]
    [InlineData("SHOW STATUS", StatementAccess.Read)]
    [InlineData("SHOW REPLICA STATUS", StatementAccess.Read)]
    [InlineData("SELECT LOAD_FILE('/x')", StatementAccess.Read)]
    [InlineData("SELECT @@gtid_executed", StatementAccess.Read)]
    [InlineData("SELECT * FROM t FOR UPDATE", StatementAccess.Write)]
    [InlineData("SELECT 1 INTO @a", StatementAccess.Write)]
    [InlineData("SELECT LAST_INSERT_ID()", StatementAccess.Write)]
    [InlineData("SELECT @a", StatementAccess.Write)]
    [InlineData("SELECT NEXTVAL(s)", StatementAccess.Write)]
    [InlineData("SHOW WARNINGS", StatementAccess.Write)]
    [InlineData("DELETE FROM t", StatementAccess.Write)]
    [InlineData("SELECT 1; DELETE FROM t", StatementAccess.Write)]
    [InlineData("foo", StatementAccess.Write)]
    public void The_replica_hint_moves_only_what_depends_on_the_server(string sql, StatementAccess access)
    {
        Assert.Equal(access, SqlText.Classify("/* dbproxy:replica */ " + sql).Access);
        Assert.Equal(access, SqlText.Classify(sql + " /* dbproxy:replica */").Access);
        Assert.Equal(StatementAccess.Write, SqlText.Classify(sql).Access);
    }
}
