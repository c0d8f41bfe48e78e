using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.TcpMode;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>One line a session, as text for people and with values for JSON.</summary>
public sealed class TcpLogTests
{
    private static readonly IPNetwork Here = new(IPAddress.Loopback, 32);

    [Fact]
    public async Task The_line_of_a_session_has_timers_bytes_end_queue_retries_and_the_rule_that_decided()
    {
        using var echo = new EchoServer("e");
        var line = await LineAsync(new() { Name = "raw", Listen = [new(IPAddress.Loopback, 0)], Routes = [new(new() { Sources = [Here] }, "echo")] }, echo.Port, "hello");
        Assert.Equal(("raw", "echo", "e", "route 1"), (line.Values["Frontend"], line.Values["Backend"], line.Values["Server"], line.Values["Rule"]));
        Assert.Equal((5L, 7L, SessionEnd.Done, 0, 0), (line.Values["BytesIn"], line.Values["BytesOut"], line.Values["End"], line.Values["Ahead"], line.Values["Retries"]));
        Assert.InRange((double)line.Values["ConnectMs"]!, 0.001, (double)line.Values["TotalMs"]!);
        Assert.Matches("^127\\.0\\.0\\.1 raw echo/e [0-9.]+/[0-9.]+/[0-9.]+ ms 5/7 B Done queue 0 retries 0 rule route 1", line.Text);
    }

    [Fact]
    public async Task One_that_a_rule_refused_says_which_and_that_no_server_was_reached()
    {
        var config = new FrontendConfig { Name = "raw", Listen = [new(IPAddress.Loopback, 0)], Backend = "echo", Access = [new("no strangers", AccessAction.Deny, new() { Sources = [Here] })] };
        var line = await LineAsync(config, 9, "");
        Assert.Equal(("no strangers", SessionEnd.Denied, -1.0, -1.0), (line.Values["Rule"], line.Values["End"], line.Values["QueueMs"], line.Values["ConnectMs"]));
        Assert.Matches("^127\\.0\\.0\\.1 raw -/- -1/-1/[0-9.]+ ms 0/0 B Denied queue 0 retries 0 rule no strangers", line.Text);
    }

    [Fact]
    public async Task One_that_was_silent_too_long_says_so()
    {
        using var echo = new EchoServer("e");
        var config = new FrontendConfig { Name = "raw", Listen = [new(IPAddress.Loopback, 0)], Backend = "echo", IdleTimeout = TimeSpan.FromMilliseconds(300) };
        Assert.Equal(SessionEnd.Idle, (await LineAsync(config, echo.Port, "")).Values["End"]);
    }

    private static async Task<(string Text, IReadOnlyDictionary<string, object?> Values)> LineAsync(FrontendConfig frontend, int port, string sent)
    {
        var log = new RecordedLog();
        await using var balancer = new Balancer(
            new() { Frontends = [frontend], Backends = [new() { Name = "echo", Servers = [new() { Name = "e", Host = "127.0.0.1", Port = port }] }] }, log);
        await balancer.StartAsync();
        using var client = new Socket(SocketType.Stream, ProtocolType.Tcp);
        await client.ConnectAsync(balancer.Frontends[0].EndPoints.First());
        if (sent.Length > 0)
        {
            await client.SendAsync(Encoding.ASCII.GetBytes(sent));
            client.Shutdown(SocketShutdown.Send);
        }
        while (await client.ReceiveAsync(new byte[100]) > 0)
        {
        }
        await Eventually.IsTrueAsync(() => log.Lines.Any(l => l.Id.Id == 4010), "the session is logged");
        var line = log.Lines.First(l => l.Id.Id == 4010);
        return (line.Text, line.Values);
    }
}
