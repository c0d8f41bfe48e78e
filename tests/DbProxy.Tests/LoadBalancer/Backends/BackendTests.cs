using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Servers;
using Microsoft.Extensions.Time.Testing;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.Backends;

public sealed class BackendTests
{
    private readonly FakeTimeProvider _time = new();

    [Fact]
    public async Task Backups_work_only_while_nobody_else_can_and_give_back()
    {
        using var backend = Make(new() { Name = "b", Servers = [A("a"), A("b"), A("x") with { IsBackup = true }, A("y") with { IsBackup = true }] });
        Assert.Equal(["a", "b", "a", "b"], await NamesAsync(backend, 4));
        backend.Servers[0].SetHealth(false, "dead");
        Assert.Equal(["b", "b"], await NamesAsync(backend, 2));
        backend.Servers[1].SetAdmin(AdminState.Drain, "an operator");
        Assert.Equal(["x", "x"], await NamesAsync(backend, 2));
        backend.Servers[2].SetHealth(false, "dead too");
        Assert.Equal(["y"], await NamesAsync(backend, 1));
        backend.Servers[0].SetHealth(true, "back");
        Assert.Equal(["a", "a"], await NamesAsync(backend, 2));
    }

    [Fact]
    public async Task All_backups_share_where_the_configuration_says_so()
    {
        using var backend = Make(new() { Name = "b", AllBackups = true, Servers = [A("a"), A("x") with { IsBackup = true }, A("y") with { IsBackup = true }] });
        backend.Servers[0].SetHealth(false, "dead");
        Assert.Equal(["x", "y", "x", "y"], await NamesAsync(backend, 4));
    }

    [Fact]
    public async Task Beyond_the_limits_sessions_queue_and_are_served_in_order()
    {
        using var backend = Make(new() { Name = "b", Servers = [A("a") with { MaxConnections = 1 }, A("b") with { MaxConnections = 1 }] });
        var (first, second) = ((await backend.LeaseAsync(default)).Server!, (await backend.LeaseAsync(default)).Server!);
        var waiting = Enumerable.Range(0, 3).Select(_ => backend.LeaseAsync(default).AsTask()).ToArray();
        Assert.Equal(3, backend.Queued);
        backend.Release(second);
        Assert.Equal((second, 0), await ServerAsync(waiting[0]));
        Assert.All(waiting[1..], w => Assert.False(w.IsCompleted));
        backend.Release(first);
        Assert.Equal((first, 1), await ServerAsync(waiting[1]));
        _time.Advance(TimeSpan.FromSeconds(6));
        Assert.Equal(LeaseFailure.QueueTimeout, (await waiting[2]).Failure);
        Assert.Equal((0, 3), (backend.Queued, backend.MaxQueued));
    }

    [Fact]
    public async Task A_full_queue_and_an_empty_backend_refuse_at_once()
    {
        using var backend = Make(new() { Name = "b", MaxQueue = 1, Servers = [A("a") with { MaxConnections = 1 }] });
        await backend.LeaseAsync(default);
        using var stop = new CancellationTokenSource();
        var waiting = backend.LeaseAsync(default, stop.Token).AsTask();
        Assert.Equal(LeaseFailure.QueueFull, (await backend.LeaseAsync(default)).Failure);
        await stop.CancelAsync();
        Assert.Equal(LeaseFailure.Cancelled, (await waiting).Failure);
        backend.Servers[0].SetAdmin(AdminState.Maint, "an operator");
        Assert.Equal(LeaseFailure.NoServer, (await backend.LeaseAsync(default)).Failure);
        Assert.Equal(3, backend.Refused);
    }

    [Fact]
    public async Task Who_waits_gets_a_server_that_comes_up_or_is_added_or_learns_that_none_is_left()
    {
        using var backend = Make(new() { Name = "b", Servers = [A("a") with { MaxConnections = 1 }] });
        await backend.LeaseAsync(default);
        var one = backend.LeaseAsync(default).AsTask();
        var added = backend.Add(A("b") with { MaxConnections = 1 });
        Assert.Equal(added, (await one).Server);
        Assert.Null(backend.Add(A("b")));
        var two = backend.LeaseAsync(default).AsTask();
        backend.Servers[0].Config = backend.Servers[0].Config with { MaxConnections = 2 };
        Assert.Equal("a", (await two).Server!.Name);
        var three = backend.LeaseAsync(default).AsTask();
        foreach (var server in backend.Servers)
            server.SetHealth(false, "dead");
        Assert.Equal(LeaseFailure.NoServer, (await three).Failure);
    }

    [Fact]
    public async Task A_cookie_s_server_is_taken_while_it_may_work_and_a_failed_one_is_avoided()
    {
        using var backend = Make(new() { Name = "b", Servers = [A("a"), A("b")] });
        for (var i = 0; i < 4; i++)
            Assert.Equal("b", (await backend.LeaseAsync(new(Preferred: "b"))).Server!.Name);
        for (var i = 0; i < 4; i++)
            Assert.Equal("a", (await backend.LeaseAsync(new(Avoid: [backend.Servers[1]]))).Server!.Name);
        backend.Servers[1].SetHealth(false, "dead");
        Assert.Equal("a", (await backend.LeaseAsync(new(Preferred: "b"))).Server!.Name);
        Assert.Equal("a", (await backend.LeaseAsync(new(Avoid: [backend.Servers[0]]))).Server!.Name);
    }

    [Fact]
    public async Task All_servers_that_failed_are_avoided_and_when_all_have_the_first_comes_again()
    {
        using var backend = Make(new() { Name = "b", Servers = [A("a"), A("b"), A("c")] });
        for (var i = 0; i < 6; i++)
        {
            var failed = new List<Server>();
            for (var attempt = 0; attempt < 4; attempt++)
                failed.Add((await backend.LeaseAsync(new(Avoid: failed))).Server!);
            Assert.Equal(3, failed.Take(3).Distinct().Count());
            Assert.Equal(failed[0], failed[3]);
        }
    }

    [Fact]
    public async Task A_server_that_comes_back_gets_its_share_slowly()
    {
        using var backend = Make(new() { Name = "b", SlowStart = TimeSpan.FromSeconds(10), Servers = [A("a"), A("b")] });
        backend.Servers[1].SetHealth(false, "dead");
        backend.Servers[1].SetHealth(true, "back", backend.Config.SlowStart);
        Assert.Equal(100, backend.Servers[0].Weight);
        Assert.Equal(10, backend.Servers[1].Weight);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(50, backend.Servers[1].Weight);
        var share = (await NamesAsync(backend, 300)).Count(n => n == "b");
        Assert.InRange(share, 99, 101);
        _time.Advance(TimeSpan.FromSeconds(5));
        Assert.Equal(100, backend.Servers[1].Weight);
    }

    [Fact]
    public void Failed_connections_take_a_checked_server_down_and_close_what_it_has_where_asked()
    {
        using var backend = Make(new() { Name = "b", ErrorLimit = 3, CloseWhenDown = true, Check = new HealthCheckConfig(), Servers = [A("a")] });
        var server = backend.Servers[0];
        var closing = server.Closing;
        backend.NoteFailure(server, "refused");
        backend.NoteFailure(server, "refused");
        Assert.True(server.Status.IsUp);
        backend.NoteFailure(server, "refused");
        Assert.Equal("DOWN", server.Status.Name);
        Assert.Contains("3 connections in a row failed: refused", server.Status.Reason);
        Assert.True(closing.IsCancellationRequested);
        Assert.False(server.Closing.IsCancellationRequested);
        _time.Advance(TimeSpan.FromSeconds(7));
        Assert.Equal(TimeSpan.FromSeconds(7), server.DownTime);
    }

    private Backend Make(BackendConfig config) => new(config, _time);

    private static ServerConfig A(string name) => new() { Name = name, Host = "127.0.0.1", Port = 1 };

    private static async Task<string[]> NamesAsync(Backend backend, int count)
    {
        var names = new string[count];
        for (var i = 0; i < count; i++)
        {
            var server = (await backend.LeaseAsync(default)).Server!;
            names[i] = server.Name;
            backend.Release(server);
        }
        return names;
    }

    private static async Task<(Server? Server, int Ahead)> ServerAsync(Task<LeaseResult> waiting)
    {
        var result = await waiting;
        return (result.Server, result.Ahead);
    }
}
