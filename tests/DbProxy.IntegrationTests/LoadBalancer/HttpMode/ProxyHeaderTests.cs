using System.Diagnostics;
using System.Net;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Limits;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class ProxyHeaderTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task The_client_that_the_header_names_counts_for_servers_rates_and_the_log()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { ProxyProtocolFrom = [Loopback], ConnectionRate = new RateLimitConfig { Permits = 1, Window = TimeSpan.FromMinutes(5) } });
        foreach (var (client, status) in new[] { ("192.0.2.1", 200), ("192.0.2.2", 200), ("192.0.2.1", 429) })
        {
            var connection = await bed.RawAsync();
            // In two pieces, as it may come.
            await connection.SendAsync($"PROXY TCP4 {client} 198.51");
            await Task.Delay(50);
            await connection.SendAsync(".100.1 4711 80\r\nGET /headers HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await connection.ReadUntilAsync(status == 200 ? "\r\n0\r\n\r\n" : "\u0001");
            Assert.StartsWith($"HTTP/1.1 {status}", answer);
            Assert.Equal(status == 200, answer.Contains($"X-Forwarded-For: {client}\n", StringComparison.Ordinal));
            await bed.LoggedAsync(l => Equals(l["Source"], IPAddress.Parse(client)) && Equals(l["Status"], status));
        }
    }

    [Fact]
    public async Task Without_a_header_a_trusted_peer_is_refused()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { ProxyProtocolFrom = [Loopback], HandshakeTimeout = TimeSpan.FromSeconds(1) });
        foreach (var start in new[] { "GET / HTTP/1.1\r\nHost: x\r\n\r\n", "PROXY TCP4 192.0.2.1" })
        {
            var connection = await bed.RawAsync();
            await connection.SendAsync(start);
            await AssertClosedAsync(connection);
        }
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters is { Active: 0, ProtocolErrors: 2 }, "both are counted");
        Assert.Equal(0, bed.Servers[0].Requests);
        Assert.Equal(2, bed.Log.Lines.Count(l => l.Id.Id == 4112 && l.Text.Contains("PR: no PROXY header", StringComparison.Ordinal)));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Who_only_looks_whether_somebody_listens_is_no_error(bool tls)
    {
        await using var bed = await HttpBed.StartAsync(1, f => tls ? f with { Tls = new() } : f with { ProxyProtocolFrom = [Loopback] });
        using (await bed.RawAsync())
            await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 1, "it is connected");
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 0, "it has left");
        Assert.Equal(0, bed.Frontend.Counters.ProtocolErrors);
        Assert.DoesNotContain(bed.Log.Lines, l => l.Id.Id == 4112);
    }

    [Fact]
    public async Task From_others_no_header_is_taken()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { ProxyProtocolFrom = [IPNetwork.Parse("192.0.2.0/24")] });
        var connection = await bed.RawAsync();
        await connection.SendAsync("PROXY TCP4 192.0.2.1 198.51.100.1 4711 80\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 400", await connection.ReadUntilAsync("\r\n\r\n"));
        Assert.Equal("a", await bed.TextAsync());
    }

    [Theory]
    [InlineData("send-proxy", false)]
    [InlineData("send-proxy-v2", false)]
    [InlineData("send-proxy-v2", true)]
    public async Task Haproxy_in_front_names_its_client(string option, bool tls)
    {
        const string program = "/usr/sbin/haproxy";
        if (!File.Exists(program))
            Assert.Skip("HAProxy is not installed (Debian: haproxy).");
        await using var bed = await HttpBed.StartAsync(1, f => f with { ProxyProtocolFrom = [Loopback], Tls = tls ? new() : null });
        var (port, file) = (ProxyProcess.FreePort(), Path.GetTempFileName());
        await File.WriteAllTextAsync(file, $"""
            defaults
              mode tcp
              timeout connect 5s
              timeout client 30s
              timeout server 30s
            listen front
              bind 127.0.0.1:{port}
              server dbproxy {bed.EndPoint} source 127.0.0.9 {option}

            """);
        using var haproxy = Process.Start(new ProcessStartInfo(program, ["-db", "-f", file]) { RedirectStandardError = true })!;
        try
        {
            string? seen = null;
            var client = bed.NewClient();
            await Eventually.IsTrueAsync(async () => (seen = await TryGetAsync(client, new UriBuilder(bed.Url) { Port = port, Path = "/headers" }.Uri)) is not null, () => "HAProxy answers");
            // It connects from 127.0.0.9; the client came from 127.0.0.1.
            Assert.Contains("X-Forwarded-For: 127.0.0.1\n", seen);
            Assert.Equal(IPAddress.Loopback, (await bed.LoggedAsync())["Source"]);
        }
        finally
        {
            haproxy.Kill();
            await haproxy.WaitForExitAsync();
            File.Delete(file);
        }
    }

    private static async Task<string?> TryGetAsync(HttpClient client, Uri url)
    {
        try
        {
            return await client.GetStringAsync(url);
        }
        catch (HttpRequestException)
        {
            return null;
        }
    }

    private static async Task AssertClosedAsync(Stream connection)
    {
        try
        {
            Assert.Equal("", await connection.ReadToEndAsync());
        }
        catch (IOException)
        {
            // A reset: what it sent was not read.
        }
    }
}
