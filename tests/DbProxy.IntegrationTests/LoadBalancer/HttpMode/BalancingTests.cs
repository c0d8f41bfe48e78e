using System.Net;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

/// <summary>Who answers, by the servers' own count of requests.</summary>
public sealed class BalancingTests
{
    [Fact]
    public async Task Round_robin_follows_the_weights_also_when_they_change()
    {
        await using var bed = await HttpBed.StartAsync(3, backend: b => b with { Servers = [b.Servers[0] with { Weight = 3 }, b.Servers[1], b.Servers[2]] });
        await AskAsync(bed, 100);
        Assert.Equal([60, 20, 20], Counts(bed));
        bed.Backend.Servers[1].Config = bed.Backend.Servers[1].Config with { Weight = 6 };
        await AskAsync(bed, 100);
        Assert.Equal([90, 80, 30], Counts(bed));
    }

    [Theory]
    [InlineData("random")]
    [InlineData("p2c")]
    public async Task Policies_of_chance_spread_evenly(string policy)
    {
        await using var bed = await HttpBed.StartAsync(2, backend: b => b with { Balance = policy });
        await AskAsync(bed, 300);
        Assert.All(Counts(bed), count => Assert.InRange(count, 105, 195));
    }

    [Fact]
    public async Task First_fills_one_server_before_the_next()
    {
        await using var bed = await HttpBed.StartAsync(3, backend: b => b with { Balance = "first", Servers = [.. b.Servers.Select(s => s with { MaxConnections = 1 })] });
        await AskAsync(bed, 10);
        Assert.Equal([10, 0, 0], Counts(bed));
        using var holding = await bed.GetAsync("/gate");
        await AskAsync(bed, 10);
        Assert.Equal([11, 10, 0], Counts(bed));
        bed.Servers[0].Gate.Release();
    }

    [Fact]
    public async Task Least_connections_avoids_the_server_that_is_busy()
    {
        await using var bed = await HttpBed.StartAsync(2, backend: b => b with { Balance = "leastconn" });
        var holding = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => bed.GetAsync("/gate")));
        Assert.Equal([3, 3], Counts(bed));
        bed.Servers[1].Gate.Release(3);
        await Eventually.IsTrueAsync(() => bed.Backend.Servers[1].ActiveConnections == 0, "b is idle");
        await AskAsync(bed, 20);
        Assert.Equal([3, 23], Counts(bed));
        bed.Servers[0].Gate.Release(3);
        foreach (var response in holding)
            response.Dispose();
    }

    [Fact]
    public async Task A_source_stays_with_its_server_and_only_the_lost_server_s_sources_move()
    {
        await using var bed = await HttpBed.StartAsync(3, backend: b => b with { Balance = "source" }, http: new() { TrustedProxies = [IPNetwork.Parse("127.0.0.0/8")] });
        var before = await OwnersAsync(bed);
        Assert.Equal(before, await OwnersAsync(bed));
        Assert.Equal(3, before.Values.Distinct().Count());
        bed.Backend.Servers[1].SetHealth(false, "a test");
        var after = await OwnersAsync(bed);
        Assert.All(before.Where(o => o.Value != "b"), o => Assert.Equal(o.Value, after[o.Key]));
        Assert.DoesNotContain("b", after.Values);
        bed.Backend.Servers[1].SetHealth(true, "a test");
        Assert.Equal(before, await OwnersAsync(bed));
    }

    [Fact]
    public async Task Requests_beyond_a_server_s_limit_wait_and_are_served_in_order()
    {
        await using var bed = await HttpBed.StartAsync(1, backend: b => b with { Servers = [b.Servers[0] with { MaxConnections = 1 }] });
        using var holding = await bed.GetAsync("/gate");
        var waiting = new List<Task<string>>();
        for (var i = 0; i < 3; i++)
        {
            waiting.Add(bed.TextAsync($"/?{i}"));
            await Eventually.IsTrueAsync(() => bed.Backend.Queued == i + 1, "it waits");
        }
        Assert.Equal(1, bed.Servers[0].Requests);
        bed.Servers[0].Gate.Release();
        // The place is free only when the client has read the response to its end.
        Assert.Equal("first second", await holding.Content.ReadAsStringAsync());
        await Task.WhenAll(waiting);
        await bed.LoggedAsync(l => Equals(l["Ahead"], 2));
        Assert.Equal(["/gate", "/?0", "/?1", "/?2"], bed.Log.Requests.Select(l => l["Target"]));
        Assert.Equal(1, bed.Backend.Servers[0].Counters.MaxActive);
    }

    [Fact]
    public async Task Who_waits_in_vain_or_finds_the_queue_full_gets_503()
    {
        await using var bed = await HttpBed.StartAsync(
            1, backend: b => b with { MaxQueue = 1, QueueTimeout = TimeSpan.FromMilliseconds(500), Servers = [b.Servers[0] with { MaxConnections = 1 }] });
        using var holding = await bed.GetAsync("/gate");
        var waiting = bed.GetAsync();
        await Eventually.IsTrueAsync(() => bed.Backend.Queued == 1, "it waits");
        using var full = await bed.GetAsync();
        using var late = await waiting;
        Assert.Equal((HttpStatusCode.ServiceUnavailable, HttpStatusCode.ServiceUnavailable), (full.StatusCode, late.StatusCode));
        Assert.NotNull(full.Headers.RetryAfter);
        await bed.LoggedAsync(l => Equals(l["End"], "sQ"));
        await bed.LoggedAsync(l => Equals(l["End"], "RQ"));
        bed.Servers[0].Gate.Release();
    }

    [Fact]
    public async Task Backup_servers_take_over_and_give_back()
    {
        await using var bed = await HttpBed.StartAsync(2, backend: b => b with { Servers = [b.Servers[0], b.Servers[1] with { IsBackup = true }] });
        Assert.Equal("a", await bed.TextAsync());
        bed.Backend.Servers[0].SetAdmin(AdminState.Drain, "a test");
        Assert.Equal("b", await bed.TextAsync());
        bed.Backend.Servers[0].SetAdmin(AdminState.Ready, "a test");
        Assert.Equal("a", await bed.TextAsync());
    }

    private static async Task AskAsync(HttpBed bed, int times)
    {
        for (var i = 0; i < times; i++)
            await bed.TextAsync();
    }

    private static IEnumerable<int> Counts(HttpBed bed) => bed.Servers.Select(s => s.Requests);

    private static async Task<Dictionary<string, string>> OwnersAsync(HttpBed bed)
    {
        var owners = new Dictionary<string, string>();
        for (var i = 0; i < 40; i++)
            owners[$"198.51.100.{i}"] = await bed.TextAsync("/", ("X-Forwarded-For", $"198.51.100.{i}"));
        return owners;
    }
}
