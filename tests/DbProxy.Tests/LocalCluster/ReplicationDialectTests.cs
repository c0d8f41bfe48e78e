using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Replication;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class ReplicationDialectTests
{
    [Fact]
    public void TheInitFileCreatesUnloggedAccountsOneStatementALine()
    {
        var accounts = new ClusterAccounts();

        foreach (var flavor in Enum.GetValues<ServerFlavor>())
        {
            var lines = accounts.InitFile(flavor).TrimEnd('\n').Split('\n');

            Assert.Equal("SET sql_log_bin=0;", lines[0]);
            Assert.All(lines, line => Assert.EndsWith(";", line, StringComparison.Ordinal));
            Assert.Contains(lines, line => line.Contains(accounts.Monitor.Password, StringComparison.Ordinal));
        }
    }

    [Fact]
    public void PasswordsAreOfEachCluster() =>
        Assert.NotEqual(new ClusterAccounts().Root.Password, new ClusterAccounts().Root.Password);

    [Fact]
    public void TheMonitorMayNotWriteNorRead()
    {
        foreach (var flavor in Enum.GetValues<ServerFlavor>())
        {
            Assert.All(ReplicationDialect.For(flavor).MonitorGrants, grant =>
                Assert.DoesNotMatch("ALL|INSERT|SUPER|SELECT ON \\*", grant));
        }
    }

    [Fact]
    public void ReplicasFollowByGtid()
    {
        var account = new ClusterAccount("repl", "secret");

        Assert.Contains("SOURCE_AUTO_POSITION=1", ReplicationDialect.For(ServerFlavor.MySql).Follow(3306, account));
        Assert.Contains("MASTER_USE_GTID=slave_pos", ReplicationDialect.For(ServerFlavor.MariaDb).Follow(3306, account));
    }
}
