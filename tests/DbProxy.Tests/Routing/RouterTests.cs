using DbProxy.Core.Configuration;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.Sql;
using DbProxy.Tests.Monitoring;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Routing;

/// <summary>The choice of a server is a function of statement, session and monitored state.</summary>
public sealed class RouterTests
{
    private readonly Group _group = new(3);
    private readonly RefusedReads _refused = new();
    private RoutingConfig _config = new(new RoutingOptions());

    [Theory]
    [InlineData("SELECT 1", RouteReason.Replica)]
    [InlineData("SELECT 1 FOR UPDATE", RouteReason.Write)]
    [InlineData("INSERT INTO t VALUES (1)", RouteReason.Write)]
    [InlineData("something new", RouteReason.Write)]
    [InlineData("START TRANSACTION READ ONLY", RouteReason.ReadTransaction)]
    [InlineData("START TRANSACTION", RouteReason.Write)]
    [InlineData("/* dbproxy:primary */ SELECT 1", RouteReason.Hint)]
    internal void Goes_where_the_statement_says(string sql, RouteReason reason)
    {
        Up();
        Route route = Choose(sql);
        Assert.Equal(reason, route.Reason);
        Assert.Equal(reason is RouteReason.Replica or RouteReason.ReadTransaction, route.Server != _group[1]);
        Assert.Null(route.WaitFor);
    }

    [Fact]
    public void Reads_spread_over_all_replicas_and_no_other_server()
    {
        Up();
        var servers = Enumerable.Range(0, 100).Select(_ => Choose("SELECT 1").Server!.Name).CountBy(n => n).ToDictionary();
        Assert.Equal(new Dictionary<string, int> { ["db2"] = 50, ["db3"] = 50 }, servers);
    }

    [Fact]
    public void A_read_with_autocommit_off_starts_a_transaction_on_the_primary()
    {
        Up();
        Assert.Equal(new(_group[1], RouteReason.AutocommitOff), Choose("SELECT 1", autocommit: false));
    }

    [Fact]
    public void A_read_that_a_replica_refused_goes_to_the_primary_whatever_its_literals()
    {
        Up();
        _refused.Add("SELECT f(1)"u8);
        Assert.Equal(new(_group[1], RouteReason.LearnedWrite), Choose("SELECT f(2)"));
        Assert.Equal(RouteReason.Replica, Choose("SELECT g(2)").Reason);
    }

    [Fact]
    public void A_read_behind_a_write_goes_to_the_replica_that_has_it()
    {
        Up(applied2: 5, applied3: 7);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(new(_group[3], RouteReason.ReplicaApplied), Choose("SELECT 1", mustSee: Positions.Token(6)));
        }
    }

    [Fact]
    public void A_read_behind_a_write_that_no_replica_has_waits_on_one()
    {
        Up(applied2: 5, applied3: 7);
        Route route = Choose("SELECT 1", mustSee: Positions.Token(8));
        Assert.Equal(RouteReason.ReplicaWaits, route.Reason);
        Assert.Equal(Positions.Token(8), route.WaitFor);
        Assert.NotEqual(_group[1], route.Server);
    }

    [Fact]
    public void Waiting_is_not_tried_where_it_was_in_vain_just_now()
    {
        Up(applied2: 5, applied3: 5);
        _group[2].Backend.WaitedInVain(TimeSpan.FromMinutes(1));
        Assert.Equal(_group[3], Choose("SELECT 1", mustSee: Positions.Token(8)).Server);
        _group[3].Backend.WaitedInVain(TimeSpan.FromMinutes(1));
        Assert.Equal(new(_group[1], RouteReason.NotApplied), Choose("SELECT 1", mustSee: Positions.Token(8)));
    }

    [Fact]
    public void Without_a_wait_configured_the_primary_answers()
    {
        Up(applied2: 5, applied3: 5);
        _config = _config with { CausalWait = TimeSpan.Zero };
        Assert.Equal(new(_group[1], RouteReason.NotApplied), Choose("SELECT 1", mustSee: Positions.Token(8)));
    }

    [Theory]
    [InlineData(WithoutReplicaAction.Primary, RouteReason.NoReplica)]
    [InlineData(WithoutReplicaAction.Fail, RouteReason.Nowhere)]
    internal void Without_a_replica_the_configuration_decides(WithoutReplicaAction action, RouteReason reason)
    {
        _group.Sees(Writable(1)).Fails(2, ProbeFailureKind.Refused).Fails(3, ProbeFailureKind.Refused);
        _config = _config with { WithoutReplica = action };
        Route route = Choose("SELECT 1", mustSee: Positions.Token(1));
        Assert.Equal(reason, route.Reason);
        Assert.Equal(reason == RouteReason.Nowhere ? null : _group[1], route.Server);
    }

    [Fact]
    public void A_server_that_just_failed_is_avoided()
    {
        Up(applied2: 5, applied3: 5);
        for (int i = 0; i < 10; i++)
        {
            Assert.Equal(_group[3], Choose("SELECT 1", avoid: 2).Server);
            Assert.Equal(_group[3], Choose("SELECT 1", mustSee: Positions.Token(9), avoid: 2).Server);
        }

        Assert.Equal(new(null, RouteReason.Nowhere), Choose("INSERT INTO t VALUES (1)", avoid: 1));
    }

    [Fact]
    public void Before_any_probe_there_is_nowhere_to_go()
    {
        Assert.Equal(new(null, RouteReason.Nowhere), Choose("SELECT 1"));
        Assert.Equal(new(null, RouteReason.Nowhere), Choose("DELETE FROM t"));
    }

    private void Up(int applied2 = 9, int applied3 = 9) => _group.Sees(Writable(1, gtids: Positions.Set(9)))
        .Sees(ReplicaOf(1, 2, gtids: Positions.Set(applied2))).Sees(ReplicaOf(1, 3, gtids: Positions.Set(applied3)));

    private Route Choose(string sql, bool autocommit = true, GtidToken? mustSee = null, int avoid = 0)
    {
        byte[] bytes = System.Text.Encoding.UTF8.GetBytes(sql);
        Statement statement = StatementClassifier.Classify(bytes, LexerModes.None);
        return new Router(_group.Topology, _refused)
            .Choose(statement, bytes, new(autocommit, mustSee, avoid == 0 ? null : _group[avoid]), _config);
    }
}
