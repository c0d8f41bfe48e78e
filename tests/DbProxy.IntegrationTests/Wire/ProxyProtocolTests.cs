using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer.ProxyProtocol;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>The header that says who a connection is for: from load balancers in front, and to the servers.</summary>
public sealed class ProxyProtocolTests
{
    public static TheoryData<Flavor, string> BehindHAProxy => new()
    {
        { Flavor.MySql, "send-proxy" }, { Flavor.MySql, "send-proxy-v2" }, { Flavor.MySql, "send-proxy-v2 proxy-v2-options unique-id,crc32c" },
        { Flavor.MariaDb, "send-proxy" }, { Flavor.MariaDb, "send-proxy-v2" },
    };

    [Theory, MemberData(nameof(BehindHAProxy))]
    public async Task Clients_behind_haproxy_keep_their_addresses(Flavor flavor, string option)
    {
        await using var bed = await TestBed.StartAsync(flavor, Trusting("127.0.0.0/8"));
        await using var haproxy = await HAProxy.StartAsync(bed.Proxy.Port, option);
        await using (var session = await bed.OpenAsync(b => (b.Port, b.SslMode) = ((uint)haproxy.Port, MySqlSslMode.Required)))
        {
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
            var peer = bed.Proxy.Context.Sessions.All.Single(s => s.Id == session.ServerThread).Peer;
            Assert.NotNull(peer.Through);
            Assert.NotEqual(peer.EndPoint, peer.Through);
        }

        // From an address that only the header can tell.
        using var client = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        client.Bind(new IPEndPoint(IPAddress.Parse("127.0.0.9"), 0));
        await client.ConnectAsync(IPAddress.Loopback, haproxy.Port, TestContext.Current.CancellationToken);
        Assert.True(await IsGreetedAsync(client));
        Assert.Contains(bed.Proxy.Context.Sessions.All, s => s.Peer.EndPoint!.Equals(client.LocalEndPoint));
        await client.SendAsync(new byte[] { 1, 0, 0, 1, 0 });
        await Eventually.IsTrueAsync(
            () => bed.Proxy.Log.Lines.Any(l => l.Text.Contains($"from {client.LocalEndPoint} (through 127.0.0.1:", StringComparison.Ordinal)), "the refusal is logged");
    }

    [Theory]
    [InlineData("PROXY TCP4 203.0.113.7 10.0.0.1 5555 3306\r\n", "203.0.113.7:5555 (through 127.0.0.1:")]
    [InlineData("PROXY TCP6 2001:db8::7 2001:db8::1 5555 3306\r\n", "[2001:db8::7]:5555 (through 127.0.0.1:")]
    [InlineData("PROXY UNKNOWN\r\n", "127.0.0.1:")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x20\0\0\0", "127.0.0.1:")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x0c\x01\x02\x03\x04\x05\x06\x07\x08\x00\x63\x0c\xea", "1.2.3.4:99 (through 127.0.0.1:")]
    public async Task Headers_that_are_right(string header, string expected)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, Trusting("192.0.2.1", "127.0.0.1"));
        using var client = await ConnectAsync(bed);
        foreach (var piece in Encoding.Latin1.GetBytes(header).Chunk(7))
        {
            await client.SendAsync(piece);
        }

        Assert.True(await IsGreetedAsync(client));
        Assert.StartsWith(expected, bed.Proxy.Context.Sessions.All.Single().Peer.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0), (bed.Proxy.Context.Counters.ProxyHeadersAccepted, bed.Proxy.Context.Counters.ProxyHeadersRefused));
    }

    [Theory]
    [InlineData("GET / HTTP/1.1\r\n\r\n")]
    [InlineData("PROXY TCP4 1.2.3.4\r\n")]
    [InlineData("PROXY UNKNOWN\r\nand more")]
    [InlineData("\r\n\r\n\0\r\nQUIT\n\x21\x11\0\x01")]
    [InlineData("PROXY TCP4 1.2.3.4 ")]
    [InlineData("")]
    public async Task Headers_that_are_wrong_or_late_end_the_connection(string header)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o =>
        {
            Trusting("127.0.0.1")(o);
            o.Limits.LoginTimeout = TimeSpan.FromSeconds(3);
        });
        using var client = await ConnectAsync(bed);
        await client.SendAsync(Encoding.Latin1.GetBytes(header));
        Assert.False(await IsGreetedAsync(client));
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Counters.ProxyHeadersRefused == 1, "the refusal is counted");
        Assert.Equal(header.Length > 0, bed.Proxy.Log.Lines.Any(l => l.Text.Contains("PROXY protocol", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task From_elsewhere_a_header_is_a_protocol_error_and_none_is_expected()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, Trusting("10.0.0.0/8"));
        await using var session = await bed.OpenAsync();
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        await using var tunnel = HeaderTunnel.Start(bed.Proxy.Port, Header("203.0.113.7"));
        await Assert.ThrowsAnyAsync<Exception>(() => bed.OpenAsync(b => (b.Port, b.ConnectionTimeout) = (tunnel.Port, 5)));
        Assert.Equal(0, bed.Proxy.Context.Counters.ProxyHeadersAccepted);
    }

    [Theory]
    [InlineData(ProxyHeaderVersion.V1)]
    [InlineData(ProxyHeaderVersion.V2)]
    public async Task A_mariadb_server_is_told_the_clients_address(ProxyHeaderVersion version)
    {
        await using var cluster = await Clusters.StartOwnAsync(
            Flavor.MariaDb, new() { Replicas = 1, ExtraArguments = ["--proxy-protocol-networks=127.0.0.0/8"] });
        await ServerAdmin.RunAsync(
            cluster, cluster.Primary, "CREATE USER bound@'203.0.113.5' IDENTIFIED BY 'secret'", "GRANT PROCESS ON *.* TO bound@'203.0.113.5'");
        await ServerAdmin.SyncAsync(cluster);
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, o =>
        {
            Trusting("127.0.0.1")(o);
            o.Servers.ForEach(s => s.ProxyProtocol = version);
            o.Pool.IdleTimeout = TimeSpan.FromMilliseconds(200);
        });
        await using var right = HeaderTunnel.Start(proxy.Port, Header("203.0.113.5"));
        await using var other = HeaderTunnel.Start(proxy.Port, Header("203.0.113.6"));
        await using (var session = await OpenAsync(right, b => (b.UserID, b.Password) = ("bound", "secret")))
        await using (var app5 = await OpenAsync(right))
        await using (var app6 = await OpenAsync(other))
        {
            Assert.Equal("bound@203.0.113.5|bound@203.0.113.5", (await session.RowsAsync("SELECT USER(), CURRENT_USER()")).Single());
            Assert.Equal("203.0.113.5", await session.TextAsync("SELECT host FROM information_schema.processlist WHERE id = CONNECTION_ID()"));
            for (var i = 0; i < 5; i++)
            {
                // The same account: a connection of one address never serves the other.
                Assert.Equal($"{cluster.App.User}@203.0.113.5", await app5.TextAsync("SELECT USER()"));
                Assert.Equal($"{cluster.App.User}@203.0.113.6", await app6.TextAsync("SELECT USER()"));
            }

            var refused = await Assert.ThrowsAsync<MySqlException>(() => OpenAsync(other, b => (b.UserID, b.Password) = ("bound", "secret")));
            Assert.Equal((1045, true), (refused.Number, refused.Message.Contains("'bound'@'203.0.113.6'", StringComparison.Ordinal)));
        }

        await Eventually.IsTrueAsync(() => !proxy.Context.Users.Accounts.SelectMany(a => a.Pools).Any(), "the addresses' pools are forgotten");
        await using var again = await OpenAsync(other);
        Assert.Equal($"{cluster.App.User}@203.0.113.6", await again.TextAsync("SELECT USER()"));

        Task<MySqlConnection> OpenAsync(HeaderTunnel through, Action<MySqlConnectionStringBuilder>? change = null) =>
            proxy.OpenAsync("", b => { b.Port = through.Port; change?.Invoke(b); });
    }

    private static Action<ProxyOptions> Trusting(params string[] networks) => o => o.ProxyProtocol.TrustedNetworks = [.. networks];

    private static byte[] Header(string client) =>
        ProxyHeaderWriter.Write(ProxyHeaderVersion.V1, new(IPAddress.Parse(client), 40000), new(IPAddress.Loopback, 3306));

    private static async Task<Socket> ConnectAsync(TestBed bed)
    {
        var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(IPAddress.Loopback, bed.Proxy.Port, TestContext.Current.CancellationToken);
        return socket;
    }

    /// <summary>Whether a greeting comes; false: the connection ends without one.</summary>
    private static async Task<bool> IsGreetedAsync(Socket client)
    {
        var buffer = new byte[500];
        try
        {
            return await client.ReceiveAsync(buffer, TestContext.Current.CancellationToken) > 5 && buffer[4] == 10;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
