using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>Servers that take no more connections: in all, or of one user.</summary>
public sealed class ServerLimitTests
{
    [Theory, EachFlavor]
    public async Task A_full_server_is_told_to_a_new_client_and_serves_known_ones_on(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new() { Replicas = 0, ExtraArguments = ["--max-connections=12"] });
        await cluster.CreateUserAsync("stranger", "x");
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, Patient);
        await using var known = await proxy.OpenAsync("app");
        await known.ServerIdAsync();
        var login = Accounts.Login(cluster.App, "app");
        List<RawClient> crowd = [];
        try
        {
            // Full for good: connections that end are counted a moment longer.
            for (var refusals = 0; refusals < 5; )
            {
                crowd.Add(await RawClient.ConnectAsync(cluster.Primary.Port, login));
                refusals = crowd[^1].LoginError is null ? 0 : refusals + 1;
                await Task.Delay(20, TestContext.Current.CancellationToken);
            }

            // A user that is known, with a password that was: what it has is shared. Anybody else is told as by the server.
            await using var again = await proxy.OpenAsync("app");
            Assert.Equal(1, await again.ServerIdAsync());
            await using var stranger = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(new("stranger", "x"), "app"));
            Assert.Equal("ERROR 1040 (08004): Too many connections", crowd[^1].LoginError?.ToString());
            Assert.Equal(crowd[^1].LoginError!.ToString(), stranger.LoginError?.ToString());
        }
        finally
        {
            foreach (var one in crowd)
            {
                await one.DisposeAsync();
            }
        }

        await Eventually.IsTrueAsync(
            async () =>
            {
                await using var stranger = await RawClient.ConnectAsync(proxy.Port, Accounts.Login(new("stranger", "x"), "app"));
                return stranger.LoginError is null;
            },
            () => "there is room again");
    }

    [Theory, EachFlavor]
    public async Task A_users_own_limit_is_shared_by_its_sessions(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o =>
        {
            (o.Limits.CredentialRecheck, o.Pool.AcquireTimeout) = (TimeSpan.Zero, TimeSpan.FromSeconds(5));
            Patient(o);
        });
        var user = await bed.CreateAsync("x", null, "", "WITH MAX_USER_CONNECTIONS 1");
        var login = Accounts.Login(user, bed.Schema);
        for (var i = 0; i < 3; i++)
        {
            // One after the other, of each kind of pool: what an earlier one left idle must not be in the way.
            await using var client = await RawClient.ConnectAsync(
                bed.Proxy.Port, login with { Capabilities = login.Capabilities | (i == 1 ? Protocol.Capabilities.FoundRows : Protocol.Capabilities.None) });
            Assert.Null(client.LoginError);
            Assert.Equal([$"{bed.PrimaryId}"], await client.RowsAsync("SELECT @@server_id FOR UPDATE"));
        }

        await using var one = await RawClient.ConnectAsync(bed.Proxy.Port, login);
        await using var two = await RawClient.ConnectAsync(bed.Proxy.Port, login);
        Assert.Null(two.LoginError);
        await one.RowsAsync("BEGIN");
        await one.RowsAsync("SELECT 1");
        await using var direct = await RawClient.ConnectAsync(bed.Cluster.Primary.Port, login);
        Assert.Contains(direct.LoginError!.Code, new[] { 1203, (int)1226 });
        await two.SendAsync(Protocol.CommandKind.Query, "SELECT 2 FOR UPDATE");
        var refused = Protocol.Packets.ErrPacket.Parse((await two.ReceiveAsync())!);
        Assert.Equal(direct.LoginError.ToString(), refused.ToString());

        // The second one waits for the first one's connection instead of failing, as long as Pool.AcquireTimeout says.
        await two.SendAsync(Protocol.CommandKind.Query, "SELECT 2 FOR UPDATE");
        await one.RowsAsync("COMMIT");
        Assert.False(Protocol.Packets.ErrPacket.Is((await two.ReceiveAsync())!));
    }

    [Theory, EachFlavor]
    public async Task A_limit_of_statements_is_the_servers_own_error(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        List<string> seen = [];
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            var user = await bed.CreateAsync("x", null, port == bed.Proxy.Port ? "p" : "d", "WITH MAX_UPDATES_PER_HOUR 1");
            await using var client = await RawClient.ConnectAsync(port, Accounts.Login(user, bed.Schema));
            var transcript = await client.TranscriptAsync(["CREATE TABLE IF NOT EXISTS t (i INT)", "INSERT INTO t VALUES (1)"]);
            seen.Add(string.Join('\n', transcript).Replace(user.User, "USER", StringComparison.Ordinal));
        }

        Assert.Equal(seen[0], seen[1]);
        Assert.Contains("ERROR 1226", seen[1], StringComparison.Ordinal);
    }

    /// <summary>A busy machine is no server that is down.</summary>
    private static void Patient(ProxyOptions o) => (o.Monitor.ConnectTimeout, o.Monitor.Timeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10));
}
