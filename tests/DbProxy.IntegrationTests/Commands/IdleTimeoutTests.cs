using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>An idle session ends when the server would end it, and is told what the server would say.</summary>
public sealed class IdleTimeoutTests
{
    [Theory, EachFlavor]
    public async Task A_sessions_own_wait_timeout_holds(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        foreach (var tls in new[] { TlsMode.Disabled, TlsMode.Required })
        {
            var last = new List<string>();
            foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
            {
                await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema, tls: tls);
                await client.RowsAsync("SET SESSION wait_timeout = 1");
                last.Add(await LastWordsAsync(client));
            }

            Assert.Equal(last[0], last[1]);
        }
    }

    [Theory, EachFlavor]
    public async Task The_servers_timeout_holds_and_interactive_clients_have_their_own(Flavor flavor)
    {
        await using var cluster = await Clusters.StartOwnAsync(flavor, new() { Replicas = 1, ExtraArguments = ["--wait-timeout=1", "--interactive-timeout=600"] });
        await using var proxy = await ProxyUnderTest.StartAsync(cluster);
        await using var interactive = await RawClient.ConnectAsync(proxy.Port, cluster.App, capabilities: Capabilities.DeprecateEof | Capabilities.Interactive);
        await using var client = await RawClient.ConnectAsync(proxy.Port, cluster.App);
        await using var direct = await RawClient.ConnectAsync(cluster.Primary.Port, cluster.App);
        Assert.Equal(["600"], await interactive.RowsAsync("SELECT @@wait_timeout"));
        Assert.Equal(await LastWordsAsync(direct), await LastWordsAsync(client));
        Assert.Equal(["600"], await interactive.RowsAsync("SELECT @@wait_timeout"));
    }

    [Theory, EachFlavor]
    public async Task The_configured_limit_is_the_most(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.IdleTimeout = TimeSpan.FromSeconds(1));
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await client.RowsAsync("SET SESSION wait_timeout = 600");
        Assert.Equal(flavor == Flavor.MySql ? "4031 HY000, packet 0, closed" : "closed", (await LastWordsAsync(client)).Replace(Text, "", StringComparison.Ordinal));
    }

    private const string Text = ": The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.";

    private static async Task<string> LastWordsAsync(RawClient client)
    {
        var packet = await client.ReceiveAsync();
        if (packet is null)
        {
            return "closed";
        }

        var error = ErrPacket.Parse(packet);
        var sequence = client.Sequence;
        return $"{error.Code} {error.SqlState}: {error.Message}, packet {sequence}, {(await client.ReceiveAsync() is null ? "closed" : "open")}";
    }
}
