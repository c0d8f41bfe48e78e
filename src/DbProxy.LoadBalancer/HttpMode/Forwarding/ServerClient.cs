using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>The connections to all servers: one pool, told apart by address.</summary>
internal static class ServerClient
{
    /// <summary>Where a request's exchange is found, from the handler's callback.</summary>
    public static readonly HttpRequestOptionsKey<Exchange> ExchangeKey = new("dbproxy.exchange");

    public static HttpMessageInvoker Create(HttpTimeouts timeouts, TimeProvider time) => new(new PromptBodies(new SocketsHttpHandler
    {
        UseCookies = false,
        UseProxy = false,
        AllowAutoRedirect = false,
        AutomaticDecompression = DecompressionMethods.None,
        // What the client says of its trace goes on as it is.
        ActivityHeadersPropagator = null,
        PooledConnectionIdleTimeout = timeouts.ServerKeepAlive,
        PooledConnectionLifetime = timeouts.ServerLifetime,
        // The backend's own timeout counts, in the callback.
        ConnectTimeout = Timeout.InfiniteTimeSpan,
        ConnectCallback = (context, stopping) => ConnectAsync(context, time, stopping),
        // As on the client's side: bytes pass as they are, whatever their encoding.
        RequestHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
        ResponseHeaderEncodingSelector = static (_, _) => Encoding.Latin1,
    }));

    private static async ValueTask<Stream> ConnectAsync(SocketsHttpConnectionContext context, TimeProvider time, CancellationToken stopping)
    {
        context.InitialRequestMessage.Options.TryGetValue(ExchangeKey, out var exchange);
        var started = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(exchange?.Backend?.Config.ConnectTimeout ?? TimeSpan.FromSeconds(5));
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        try
        {
            await socket.ConnectAsync(context.DnsEndPoint, limit.Token);
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            socket.Dispose();
            throw new SocketException((int)SocketError.TimedOut);
        }
        catch
        {
            socket.Dispose();
            throw;
        }
        exchange?.ConnectTime = time.GetElapsedTime(started);
        return new NetworkStream(socket, ownsSocket: true);
    }
}
