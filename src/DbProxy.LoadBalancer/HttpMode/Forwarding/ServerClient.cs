using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>The connections to all servers: pools, told apart by <see cref="ForwardAttempt.Prefix"/>.</summary>
internal static class ServerClient
{
    /// <summary>Where the handler's callback finds whom a request is for.</summary>
    public static readonly HttpRequestOptionsKey<ForwardAttempt> AttemptKey = new("dbproxy.attempt");

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
        context.InitialRequestMessage.Options.TryGetValue(AttemptKey, out var attempt);
        var started = time.GetTimestamp();
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        limit.CancelAfter(attempt!.Backend.Config.ConnectTimeout);
        try
        {
            var stream = await attempt.ConnectAsync(limit.Token);
            attempt.Exchange.ConnectTime = time.GetElapsedTime(started);
            return stream;
        }
        catch (OperationCanceledException) when (!stopping.IsCancellationRequested)
        {
            throw new SocketException((int)SocketError.TimedOut);
        }
    }
}
