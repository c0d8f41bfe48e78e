using System.Net;
using System.Net.WebSockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>A small web server that says who it is and does what its paths ask for.</summary>
internal sealed class TestServer : IAsyncDisposable
{
    private readonly WebApplication _application;
    private int _requests;
    private long _made;

    private TestServer(string name, int port)
    {
        Name = name;
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore();
        builder.Services.Configure<KestrelServerOptions>(o =>
        {
            o.Limits.MaxRequestBodySize = null;
            o.Listen(IPAddress.Loopback, port);
            o.Listen(IPAddress.Loopback, 0, l => l.Protocols = HttpProtocols.Http2);
        });
        _application = builder.Build();
        _application.UseWebSockets();
        _application.Run(AnswerAsync);
    }

    public string Name { get; }

    public int Port { get; private set; }

    /// <summary>Where it speaks HTTP/2 without TLS, and nothing else.</summary>
    public int Http2Port { get; private set; }

    public int Requests => Volatile.Read(ref _requests);

    /// <summary>How much of <c>/big</c> it could get rid of.</summary>
    public long Made => Volatile.Read(ref _made);

    /// <summary>Opened by a test to let <c>/gate</c> go on.</summary>
    public SemaphoreSlim Gate { get; } = new(0);

    /// <summary>Released by <c>/gate</c> and <c>/upload</c> when they have got something.</summary>
    public SemaphoreSlim Reached { get; } = new(0);

    public static async Task<TestServer> StartAsync(string name, int port = 0)
    {
        var server = new TestServer(name, port);
        await server._application.StartAsync();
        var addresses = server._application.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!;
        (server.Port, server.Http2Port) = (new Uri(addresses.Addresses.First()).Port, new Uri(addresses.Addresses.Last()).Port);
        return server;
    }

    /// <summary>Ends like a crash: its port refuses from now on, and what is under way breaks.</summary>
    public async Task KillAsync()
    {
        using var now = new CancellationTokenSource();
        await now.CancelAsync();
        await _application.StopAsync(now.Token);
    }

    public async ValueTask DisposeAsync()
    {
        Gate.Release(1000);
        await KillAsync();
        await _application.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext http)
    {
        Interlocked.Increment(ref _requests);
        http.Response.Headers["X-Server"] = Name;
        http.Response.Headers["X-Protocol"] = http.Request.Protocol;
        await (http.Request.Path.Value switch
        {
            "/echo" => http.Request.Body.CopyToAsync(http.Response.Body),
            "/duplex" => DuplexAsync(http),
            "/upload" => UploadAsync(http),
            "/gate" => GateAsync(http),
            "/hang" => Task.Delay(Timeout.Infinite, http.RequestAborted).ContinueWith(_ => { }, TaskScheduler.Default),
            "/abort" => AbortAsync(http, began: false),
            "/break" => AbortAsync(http, began: true),
            "/status" => StatusAsync(http),
            "/big" => BigAsync(http),
            "/headers" => http.Response.WriteAsync(string.Concat(http.Request.Headers.Select(h => $"{h.Key}: {h.Value}\n"))),
            var path when path!.StartsWith("/target", StringComparison.Ordinal) => http.Response.WriteAsync(http.Features.Get<IHttpRequestFeature>()!.RawTarget),
            "/ws" => WebSocketAsync(http),
            "/trailers" => TrailersAsync(http),
            _ => http.Response.WriteAsync(Name),
        });
    }

    private static async Task DuplexAsync(HttpContext http)
    {
        var buffer = new byte[1024];
        while (await http.Request.Body.ReadAsync(buffer) is > 0 and var count)
        {
            await http.Response.Body.WriteAsync(buffer.AsMemory(0, count));
            await http.Response.Body.FlushAsync();
        }
    }

    private async Task UploadAsync(HttpContext http)
    {
        var buffer = new byte[64 << 10];
        long total = 0;
        while (await http.Request.Body.ReadAsync(buffer) is > 0 and var count)
        {
            total += count;
            Reached.Release();
        }
        await http.Response.WriteAsync($"{total}");
    }

    private async Task GateAsync(HttpContext http)
    {
        await http.Response.WriteAsync("first ");
        await http.Response.Body.FlushAsync();
        Reached.Release();
        await Gate.WaitAsync();
        await http.Response.WriteAsync("second");
    }

    private async Task AbortAsync(HttpContext http, bool began)
    {
        if (began)
        {
            await http.Response.WriteAsync("half");
            await http.Response.Body.FlushAsync();
            await Gate.WaitAsync();
        }
        http.Abort();
    }

    private static Task StatusAsync(HttpContext http)
    {
        http.Response.StatusCode = int.Parse(http.Request.Query["code"]!);
        return http.Response.WriteAsync("the server's own words");
    }

    private async Task BigAsync(HttpContext http)
    {
        http.Response.ContentType = "text/plain";
        var piece = new byte[64 << 10];
        Array.Fill(piece, (byte)'x');
        for (var left = long.Parse(http.Request.Query["bytes"]!); left > 0; left -= piece.Length)
        {
            await http.Response.Body.WriteAsync(piece.AsMemory(0, (int)Math.Min(left, piece.Length)));
            Interlocked.Add(ref _made, piece.Length);
        }
    }

    private static async Task TrailersAsync(HttpContext http)
    {
        http.Response.DeclareTrailer("grpc-status");
        await http.Response.WriteAsync("body");
        http.Response.AppendTrailer("grpc-status", "0");
    }

    private static async Task WebSocketAsync(HttpContext http)
    {
        using var socket = await http.WebSockets.AcceptWebSocketAsync();
        var buffer = new byte[4096];
        while (true)
        {
            var got = await socket.ReceiveAsync(buffer.AsMemory(), default);
            if (got.MessageType == WebSocketMessageType.Close)
                break;
            await socket.SendAsync(buffer.AsMemory(0, got.Count), got.MessageType, got.EndOfMessage, default);
        }
        await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", default);
    }
}
