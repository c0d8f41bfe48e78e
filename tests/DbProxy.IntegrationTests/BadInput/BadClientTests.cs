using System.Diagnostics;
using System.Net.Sockets;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.BadInput;

/// <summary>Clients that don't speak the protocol: they are told where it allows that, are closed, and disturb nobody.</summary>
public sealed class BadClientTests
{
    private static readonly byte[] _tlsHello =
        [22, 3, 1, 0, 50, 1, 0, 0, 46, 3, 3, .. new byte[32], 0, 0, 2, 0x13, 1, 1, 0, 0, 3, 0xFF, 1, 0];

    public static IEnumerable<TheoryDataRow<string, byte[]>> Openings() =>
    [
        new("HTTP", Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n")),
        new("TLS at once", _tlsHello),
        new("nothing but zeros", new byte[4096]),
        new("a wrong sequence number", [32, 0, 0, 9, .. new byte[32]]),
        new("an empty packet", [0, 0, 0, 1]),
        new("a length of 16 MiB, and then nothing", [0xFF, 0xFF, 0xFF, 1]),
        new("a response of flags only", [4, 0, 0, 1, 0x85, 0xA6, 0xFF, 0x01]),
        new("a response whose user name has no end", [40, 0, 0, 1, 0x85, 0xA2, 0x0A, 0, 0, 0, 0, 1, 45, .. new byte[23], .. "aaaaaaaa"u8]),
    ];

    [Theory]
    [MemberData(nameof(Openings))]
    public async Task Whoever_opens_with_something_else_is_closed_and_disturbs_nobody(string what, byte[] opening)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Limits.LoginTimeout = TimeSpan.FromSeconds(1));
        await using var other = await bed.OpenAsync();
        var failed = bed.Proxy.Context.Counters.LoginsFailed;
        for (var i = 0; i < 3; i++)
        {
            using var client = await DialAsync(bed);
            await client.SendAsync(opening);
            await AssertClosedAsync(client, what);
        }

        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Counters.LoginsFailed >= failed + 3, () => $"{what}: the failed logins are counted");
        Assert.Equal(1L, await other.NumberAsync("SELECT 1"));
        Assert.Equal(1, bed.Proxy.Context.Sessions.Count);
    }

    [Fact]
    public async Task Who_sends_a_login_byte_by_byte_is_closed_at_the_login_timeout()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Limits.LoginTimeout = TimeSpan.FromSeconds(1));
        using var client = await DialAsync(bed);
        var watch = Stopwatch.StartNew();
        try
        {
            client.Send([200, 0, 0, 1]);
            while (watch.Elapsed < TimeSpan.FromSeconds(30))
            {
                client.Send([1]);
                await Task.Delay(50);
            }
        }
        catch (SocketException)
        {
            // Closed: what the test waits for.
        }

        Assert.InRange(watch.Elapsed, TimeSpan.FromSeconds(0.5), TimeSpan.FromSeconds(29));
        await using var other = await bed.OpenAsync();
        Assert.Equal(1L, await other.NumberAsync("SELECT 1"));
    }

    [Fact]
    public async Task Thousands_of_half_open_logins_cost_little_and_others_get_in()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Limits.LoginTimeout = TimeSpan.FromSeconds(60));
        await using var warm = await bed.OpenAsync();
        var before = GC.GetTotalMemory(forceFullCollection: true);
        var clients = new List<Socket>();
        for (var i = 0; i < 1000; i++)
        {
            clients.Add(await DialAsync(bed));
            // A packet of 100 KB announced, of which a few bytes come.
            clients[^1].Send([0xA0, 0x86, 1, 1, 1, 2, 3]);
        }

        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count >= 1000, () => "all are there");
        Assert.InRange(GC.GetTotalMemory(forceFullCollection: true) - before, long.MinValue, 1000 * 12_000);
        await using var other = await bed.OpenAsync();
        Assert.Equal(1L, await other.NumberAsync("SELECT 1"));
        clients.ForEach(c => c.Dispose());
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count == 2, () => "the half-open ones are gone");
    }

    [Theory]
    [InlineData("a wrong sequence number", new byte[] { 5, 0, 0, 3, 3, (byte)'D', (byte)'O', (byte)' ', (byte)'1' })]
    [InlineData("an unknown command", new byte[] { 1, 0, 0, 0, 0x77 })]
    [InlineData("an execution of a few bytes", new byte[] { 3, 0, 0, 0, 0x17, 1, 0 })]
    [InlineData("an execution of an unknown statement", new byte[] { 10, 0, 0, 0, 0x17, 9, 9, 9, 9, 0, 1, 0, 0, 0 })]
    [InlineData("a fetch of nothing", new byte[] { 1, 0, 0, 0, 0x1C })]
    [InlineData("a kill without an id", new byte[] { 1, 0, 0, 0, 0x0C })]
    [InlineData("a change of user cut short", new byte[] { 3, 0, 0, 0, 0x11, 65, 65 })]
    [InlineData("an option cut short", new byte[] { 2, 0, 0, 0, 0x1B, 0 })]
    [InlineData("an empty command", new byte[] { 0, 0, 0, 0 })]
    [InlineData("an empty query", new byte[] { 1, 0, 0, 0, 3 })]
    public async Task A_malformed_command_gets_an_error_and_the_next_client_a_clean_connection(string what, byte[] packet)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, o => o.Pool.MaxConnections = 1);
        await using (var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema))
        {
            Assert.Null(client.LoginError);
            await client.SendBytesAsync(packet);
            var answer = await client.ReceiveAsync().WaitAsync(TimeSpan.FromSeconds(20)) ?? [];
            Assert.True(answer is [0xFF, ..], $"{what}: {Convert.ToHexString(answer)}");
        }

        await using var next = await bed.OpenAsync();
        Assert.Equal(1L, await next.NumberAsync("SELECT 1"));
        Assert.Equal(bed.PrimaryId, await next.NumberAsync("SELECT @@server_id FROM (SELECT 1) t FOR UPDATE"));
    }

    private static async Task<Socket> DialAsync(TestBed bed)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync("127.0.0.1", bed.Proxy.Port);
        return socket;
    }

    private static async Task AssertClosedAsync(Socket client, string what)
    {
        var buffer = new byte[4096];
        try
        {
            while (await client.ReceiveAsync(buffer).WaitAsync(TimeSpan.FromSeconds(20)) > 0)
            {
                // The greeting, and an error where the protocol allows one.
            }
        }
        catch (SocketException)
        {
            // Reset, because bytes were left unread.
        }
        catch (TimeoutException)
        {
            Assert.Fail($"{what}: the connection stays open");
        }
    }
}
