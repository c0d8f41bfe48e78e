using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Good when a request is answered with an expected status, and body where asked.</summary>
internal sealed class HttpProbe(Backend backend, HealthCheckConfig config) : IHealthProbe, IDisposable
{
    private static readonly HttpRequestOptionsKey<ServerConfig> Server = new("dbproxy.server");

    private const int MaxBody = 64 << 10;

    private readonly HttpMessageInvoker _http = new(new SocketsHttpHandler
    {
        AllowAutoRedirect = false, UseCookies = false, UseProxy = false,
        // Each check on a connection of its own: one kept open says nothing of whether new ones can be had.
        PooledConnectionLifetime = TimeSpan.Zero,
        ConnectCallback = async (context, stopping) =>
        {
            context.InitialRequestMessage.Options.TryGetValue(Server, out var server);
            return await backend.Link.DialForCheck(server!, config, SslApplicationProtocol.Http11).OpenStreamAsync(stopping);
        },
    });

    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        var host = server.Host.Contains(':') ? $"[{server.Host}]" : server.Host;
        var uri = new Uri($"http://{host}:{(config.Port == 0 ? server.Port : config.Port)}{config.Path}");
        using var request = new HttpRequestMessage(new(config.Method), uri) { Version = HttpVersion.Version11 };
        request.Headers.Host = config.Host;
        request.Options.Set(Server, server);
        request.Headers.UserAgent.Add(new ProductInfoHeaderValue("DbProxy-check", null));
        using var response = await _http.SendAsync(request, timeout);
        var status = (int)response.StatusCode;
        // Up, for it answers: what it has goes on.
        if (status == config.DrainStatus)
            return new(true, $"status {status}, it asks for nothing new", AdminState.Drain);
        if (status < config.StatusFrom || status > config.StatusTo)
            return new(false, $"status {status}");
        if (config.BodyContains is { } text && !(await BodyAsync(response, timeout)).Contains(text, StringComparison.Ordinal))
            return new(false, $"status {status}, but the body lacks \"{text}\"");
        return new(true, $"status {status}", config.DrainStatus == 0 ? null : AdminState.Ready);
    }

    public void Dispose() => _http.Dispose();

    private static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken timeout)
    {
        var buffer = new byte[MaxBody];
        await using var stream = await response.Content.ReadAsStreamAsync(timeout);
        var length = await stream.ReadAtLeastAsync(buffer, MaxBody, throwOnEndOfStream: false, timeout);
        return Encoding.UTF8.GetString(buffer, 0, length);
    }
}
