using System.Text;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using Xunit;

namespace DbProxy.Tests.Monitoring;

public sealed class ServerStateTests
{
    private readonly ServerState _server = new(0, "db1", "127.0.0.1", 3306);

    [Fact]
    public void Leases_are_counted()
    {
        Parallel.For(0, 1_000, _ => _server.AcquireConnection());
        Parallel.For(0, 400, _ => _server.ReleaseConnection());
        Assert.Equal(600, _server.ActiveConnections);
    }

    [Fact]
    public void What_a_probe_saw_or_a_session_waited_for_is_applied()
    {
        _server.Model = Model(inOrder: true, "1-5");
        Assert.True(_server.HasApplied(Token("4-5")));
        Assert.False(_server.HasApplied(Token("6")));
        _server.LearnApplied(Token("9"));
        Assert.True(_server.HasApplied(Token("6")));
        Assert.False(_server.HasApplied(Token("10")));
        _server.ForgetLearned();
        Assert.False(_server.HasApplied(Token("6")));
    }

    [Fact]
    public void A_replica_that_commits_out_of_order_is_believed_only_what_was_waited_for()
    {
        _server.Model = Model(inOrder: false, "1-5");
        _server.LearnApplied(Token("8-9"));
        Assert.True(_server.HasApplied(Token("9")));
        Assert.False(_server.HasApplied(Token("7-9")));
        _server.LearnApplied(Token("10-12"));
        Assert.True(_server.HasApplied(Token("8-12")));
        _server.LearnApplied(Token("20"));
        Assert.False(_server.HasApplied(Token("12")));
    }

    [Fact]
    public void The_primary_has_applied_everything()
    {
        _server.Model = new ServerModel { Role = ServerRole.Primary };
        Assert.True(_server.HasApplied(Token("77")));
    }

    [Fact]
    public void Learning_never_loses_the_highest_under_concurrency()
    {
        _server.Model = Model(inOrder: true, "1");
        Parallel.For(1, 5_000, i => _server.LearnApplied(Token(i.ToString())));
        Assert.True(_server.HasApplied(Token("4999")));
        Assert.False(_server.HasApplied(Token("5000")));
    }

    [Fact]
    public void Asking_whether_it_is_applied_allocates_nothing()
    {
        _server.Model = Model(inOrder: true, "1-5");
        var token = Token("9");
        _server.LearnApplied(token);
        _server.HasApplied(token);
        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 100; i++)
            _server.HasApplied(token);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static ServerModel Model(bool inOrder, string interval) => new()
    {
        Role = ServerRole.Replica,
        Identity = Readings.Identity(1) with { AppliesInOrder = inOrder },
        Gtids = GtidSet.Parse($"{Readings.Uuid(7)}:{interval}")!,
    };

    private static GtidToken Token(string interval) =>
        GtidToken.Parse(Encoding.ASCII.GetBytes($"{Readings.Uuid(7)}:{interval}"))!;
}
