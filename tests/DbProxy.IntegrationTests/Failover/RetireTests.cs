using System.Net;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.Wire;
using DbProxy.LoadBalancer.ProxyProtocol;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>A load balancer in front goes, and the sessions that came over it are asked to end, by the runtime API.</summary>
public sealed class RetireTests
{
    private const string Going = "127.0.0.2";
    private const string Staying = "127.0.0.3";

    [Theory, EachFlavor]
    public async Task Sessions_over_it_end_when_they_are_at_rest_and_those_over_another_one_stay(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => o.ProxyProtocol.TrustedNetworks = [Going, Staying], "CREATE TABLE t (id INT PRIMARY KEY, v INT)", "INSERT INTO t VALUES (1, 0)");
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        // The same client behind both.
        var header = ProxyHeaderWriter.Write(ProxyHeaderVersion.V2, new(IPAddress.Parse("203.0.113.5"), 40000), new(IPAddress.Loopback, 3306));
        await using var going = HeaderTunnel.Start(bed.Proxy.Port, header, Going);
        await using var staying = HeaderTunnel.Start(bed.Proxy.Port, header, Staying);
        await using var other = await bed.OpenAsync(b => b.Port = staying.Port);
        await using var direct = await bed.OpenAsync();
        await using var idle = await bed.OpenAsync(b => b.Port = going.Port);
        await using var ordering = await bed.OpenAsync(b => b.Port = going.Port);
        await using var waiting = await bed.OpenAsync(b => b.Port = going.Port);
        await ordering.RunAsync("BEGIN", "UPDATE t SET v = 1 WHERE id = 1");
        var update = waiting.RunAsync("UPDATE t SET v = v + 10 WHERE id = 1");
        await Eventually.IsTrueAsync(async () => (await admin.GetAsync("/api/v1/sessions?search=working")).Number("total") == 1, () => "it waits for the row");

        Assert.Equal(3, (await RetireAsync()).Number("found"));
        await UntilLeftAsync(2);
        await Assert.ThrowsAnyAsync<MySqlException>(() => idle.RunAsync("SELECT 1"));
        Assert.False(update.IsCompleted);
        await ordering.RunAsync("INSERT INTO t VALUES (2, 2)", "COMMIT");
        Assert.Equal(1, await update);
        await UntilLeftAsync(0);
        // On the primary: replicas may be behind.
        Assert.Equal(["1|11", "2|2"], await other.RowsAsync("SELECT id, v FROM t ORDER BY id FOR UPDATE"));
        Assert.Equal(2, await direct.NumberAsync("SELECT COUNT(*) FROM t FOR UPDATE"));

        // It may come back.
        await using var again = await bed.OpenAsync(b => b.Port = going.Port);
        Assert.Equal(2, await again.NumberAsync("SELECT COUNT(*) FROM t FOR UPDATE"));

        Task<System.Text.Json.JsonElement> RetireAsync() => admin.PostAsync("/api/v1/sessions/retire", $$"""{ "peer": "{{Going}}", "seconds": 0.2 }""");
        Task UntilLeftAsync(int count) => Eventually.IsTrueAsync(async () => (await RetireAsync()).Number("left") == count, () => $"{count} are left");
    }

    [Fact]
    public async Task Waiting_ends_when_the_last_session_has_ended()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        var retired = admin.PostAsync("/api/v1/sessions/retire", """{ "peer": "::ffff:127.0.0.1", "seconds": 20 }""");
        // Where a pool would take it up anew; before the order it goes on.
        await Eventually.IsTrueAsync(async () => !await session.PingAsync(TestContext.Current.CancellationToken), () => "it is gone");
        var answer = await retired;
        Assert.Equal((1, 0), (answer.Number("found"), answer.Number("left")));
    }

    [Theory]
    [InlineData("""{ "peer": "front1" }""", "peer: \"front1\" is not an IP address.")]
    [InlineData("""{ "peer": "127.0.0.1", "seconds": 0 }""", "seconds: 0 is out of range; use more than 0, to 20.")]
    [InlineData("""{ "peer": "127.0.0.1", "seconds": 21 }""", "seconds: 21 is out of range; use more than 0, to 20.")]
    [InlineData("""{ "seconds": 2 }""", "peer")]
    public async Task Mistakes_are_named_and_end_nothing(string json, string detail)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        Assert.Contains(detail, (await admin.PostAsync("/api/v1/sessions/retire", json, HttpStatusCode.BadRequest)).Text("detail"), StringComparison.Ordinal);
        Assert.True(await session.PingAsync(TestContext.Current.CancellationToken));
    }

    [Fact]
    public async Task Without_a_mysql_proxy_there_is_nothing_to_retire()
    {
        await using var admin = await AdminBed.StartAsync();
        var problem = await admin.PostAsync("/api/v1/sessions/retire", """{ "peer": "127.0.0.1" }""", HttpStatusCode.NotFound);
        Assert.Contains("no MySQL proxy", problem.Text("detail"), StringComparison.Ordinal);
    }
}
