using System.Net;
using System.Net.WebSockets;
using System.Text;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class WebSocketTests
{
    [Theory]
    [InlineData(false, 1)]
    [InlineData(true, 1)]
    [InlineData(true, 2)]
    public async Task Messages_pass_both_ways_until_either_side_closes(bool tls, int version)
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Tls = tls ? new() : null });
        using var socket = await ConnectAsync(bed, version);
        for (var i = 0; i < 20; i++)
            Assert.Equal($"message {i}", await EchoAsync(socket, $"message {i}"));
        Assert.Equal(1, bed.Backend.Servers[0].ActiveConnections);
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "done", default);
        Assert.Equal("bye", socket.CloseStatusDescription);
        var line = await bed.LoggedAsync();
        Assert.Equal((version == 2 ? 200 : 101, "--"), (line["Status"], line["End"]));
        Assert.True((long)line["BytesIn"]! > 200 && (long)line["BytesOut"]! > 200, $"{line["BytesIn"]}/{line["BytesOut"]}");
        Assert.Equal(0, bed.Backend.Servers[0].ActiveConnections);
    }

    [Fact]
    public async Task A_tunnel_has_its_own_timeout()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Timeouts = new() { Server = TimeSpan.FromMilliseconds(200), Tunnel = TimeSpan.FromSeconds(2) } });
        using var socket = await ConnectAsync(bed, 1);
        await Task.Delay(600);
        Assert.Equal("still here", await EchoAsync(socket, "still here"));
        await Assert.ThrowsAnyAsync<WebSocketException>(() => socket.ReceiveAsync(new byte[10], default));
        Assert.Equal("sD", (await bed.LoggedAsync())["End"]);
    }

    [Fact]
    public async Task A_dead_server_costs_a_websocket_nothing_while_another_lives()
    {
        await using var bed = await HttpBed.StartAsync(2);
        await bed.Servers[0].KillAsync();
        for (var i = 0; i < 4; i++)
        {
            using var socket = await ConnectAsync(bed, 1);
            Assert.Equal("hi", await EchoAsync(socket, "hi"));
        }
        Assert.Equal(4, bed.Servers[1].Requests);
    }

    private static async Task<ClientWebSocket> ConnectAsync(HttpBed bed, int version)
    {
        var socket = new ClientWebSocket();
        socket.Options.HttpVersion = version == 2 ? HttpVersion.Version20 : HttpVersion.Version11;
        socket.Options.HttpVersionPolicy = HttpVersionPolicy.RequestVersionExact;
        await socket.ConnectAsync(new UriBuilder(bed.Url) { Scheme = bed.IsTls ? "wss" : "ws", Path = "/ws" }.Uri, new HttpMessageInvoker(Handler()), default);
        return socket;
    }

    private static SocketsHttpHandler Handler()
    {
        var handler = new SocketsHttpHandler { UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        return handler;
    }

    private static async Task<string> EchoAsync(ClientWebSocket socket, string text)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await socket.SendAsync(Encoding.UTF8.GetBytes(text), WebSocketMessageType.Text, true, limit.Token);
        var buffer = new byte[1000];
        var got = await socket.ReceiveAsync(buffer, limit.Token);
        return Encoding.UTF8.GetString(buffer, 0, got.Count);
    }
}
