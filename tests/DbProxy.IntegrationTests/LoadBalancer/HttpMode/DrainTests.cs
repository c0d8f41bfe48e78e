using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class DrainTests
{
    [Fact]
    public async Task Requests_under_way_end_well_and_nobody_new_is_let_in()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var idle = await bed.RawAsync();
        await idle.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        await idle.ReadUntilAsync("\r\n\r\n");
        var running = await bed.RawAsync();
        await running.SendAsync("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n");
        await bed.Servers[0].Reached.WaitAsync();
        var (address, draining) = (bed.EndPoint, bed.Frontend.DrainAsync(default));
        Assert.Equal("", await idle.ReadToEndAsync());
        await Eventually.IsTrueAsync(async () => await RefusedAsync(address), () => "the listener is closed");
        Assert.False(draining.IsCompleted);
        bed.Servers[0].Gate.Release();
        Assert.Contains("second", await running.ReadToEndAsync());
        await draining.WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("--", (await bed.LoggedAsync(l => Equals(l["Target"], "/gate")))["End"]);
    }

    [Fact]
    public async Task Before_it_drains_it_serves_but_asks_clients_to_come_on_other_connections()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var kept = await bed.RawAsync();
        await kept.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.DoesNotContain("Connection: close", await kept.ReadUntilAsync("\r\n\r\n"), StringComparison.OrdinalIgnoreCase);
        bed.Frontend.LeaveRotation();
        foreach (var connection in (NetworkStream[])[await bed.RawAsync(), await bed.RawAsync()])
        {
            await connection.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
            var answer = await connection.ReadToEndAsync();
            Assert.StartsWith("HTTP/1.1 200", answer, StringComparison.Ordinal);
            Assert.Contains("Connection: close", answer, StringComparison.OrdinalIgnoreCase);
        }
        // One that is idle may come back.
        await kept.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        Assert.Contains("Connection: close", await kept.ReadToEndAsync(), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task At_the_limit_what_is_left_is_cut()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var running = await bed.RawAsync();
        await running.SendAsync("GET /gate HTTP/1.1\r\nHost: x\r\n\r\n");
        await bed.Servers[0].Reached.WaitAsync();
        using var limit = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await bed.Frontend.DrainAsync(limit.Token).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.DoesNotContain("second", await ReadAsync(running));
        await Eventually.IsTrueAsync(() => bed.Frontend.Counters.Active == 0, "nobody is left");
        Assert.Equal(0, bed.Backend.Servers[0].ActiveConnections);
    }

    [Fact]
    public async Task A_frontend_at_its_limit_drains_too()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { MaxConnections = 1 });
        var idle = await bed.RawAsync();
        await idle.SendAsync("GET /echo HTTP/1.1\r\nHost: x\r\n\r\n");
        await idle.ReadUntilAsync("\r\n\r\n");
        await bed.Frontend.DrainAsync(default).WaitAsync(TimeSpan.FromSeconds(20));
        Assert.Equal("", await idle.ReadToEndAsync());
    }

    private static async Task<string> ReadAsync(NetworkStream stream)
    {
        try
        {
            return await stream.ReadToEndAsync();
        }
        catch (IOException)
        {
            return "";
        }
    }

    private static async Task<bool> RefusedAsync(System.Net.IPEndPoint address)
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address);
            return false;
        }
        catch (SocketException)
        {
            return true;
        }
    }
}
