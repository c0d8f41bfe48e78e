using System.Collections.Immutable;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.Servers;
using DbProxy.IntegrationTests.Infrastructure;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>A frontend in http mode before real web servers in this process.</summary>
internal sealed class HttpBed : IAsyncDisposable
{
    private readonly List<IDisposable> _owned = [];

    private HttpBed(ImmutableArray<TestServer> servers, FrontendConfig frontend, HttpConfig http, BackendConfig backend, IEnumerable<BackendConfig> others)
    {
        Servers = servers;
        Backend = new(backend);
        var backends = others.Select(o => new Backend(o)).Append(Backend).ToDictionary(b => b.Name);
        _owned.AddRange(backends.Values);
        Frontend = new(frontend, http, backends, Log);
        Client = NewClient();
    }

    public ImmutableArray<TestServer> Servers { get; }

    public Backend Backend { get; }

    public HttpFrontend Frontend { get; }

    public RecordedLog Log { get; } = new();

    public HttpClient Client { get; }

    public IPEndPoint EndPoint => Frontend.EndPoints.First();

    public bool IsTls => Frontend.Config.Tls is not null;

    public Uri Url => new($"{(IsTls ? "https" : "http")}://{EndPoint}");

    /// <param name="servers">How many servers: a, b, c, …</param>
    /// <param name="frontend">Changes the frontend's configuration.</param>
    /// <param name="http">The http settings.</param>
    /// <param name="backend">Changes the backend's configuration.</param>
    /// <param name="others">More backends, made of the servers.</param>
    public static async Task<HttpBed> StartAsync(
        int servers = 2, Func<FrontendConfig, FrontendConfig>? frontend = null, HttpConfig? http = null,
        Func<BackendConfig, BackendConfig>? backend = null, Func<ImmutableArray<TestServer>, IEnumerable<BackendConfig>>? others = null)
    {
        ImmutableArray<TestServer> started = [.. await Task.WhenAll(Enumerable.Range(0, servers).Select(i => TestServer.StartAsync($"{(char)('a' + i)}")))];
        var front = new FrontendConfig { Name = "web", Mode = FrontendMode.Http, Listen = [new(IPAddress.Loopback, 0)], Backend = "apps" };
        var back = new BackendConfig { Name = "apps", Servers = [.. started.Select(Server)] };
        var bed = new HttpBed(started, frontend?.Invoke(front) ?? front, http ?? new(), backend?.Invoke(back) ?? back, others?.Invoke(started) ?? []);
        (await bed.Frontend.PrepareStartAsync()).Commit();
        return bed;
    }

    public static ServerConfig Server(TestServer server) => new() { Name = server.Name, Host = "127.0.0.1", Port = server.Port };

    /// <summary>A client that follows nothing, keeps no cookies and trusts any certificate.</summary>
    public HttpClient NewClient(Action<SocketsHttpHandler>? change = null)
    {
        var handler = new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false, UseProxy = false };
        handler.SslOptions.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
        change?.Invoke(handler);
        var client = new HttpClient(handler) { Timeout = TimeSpan.FromSeconds(30) };
        _owned.Add(client);
        return client;
    }

    public Task<HttpResponseMessage> GetAsync(string path = "/", params (string Name, string Value)[] headers) => SendAsync(HttpMethod.Get, path, null, headers);

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? body, params (string Name, string Value)[] headers)
    {
        var request = new HttpRequestMessage(method, new Uri(Url, path)) { Content = body };
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
    }

    public async Task<string> TextAsync(string path = "/", params (string Name, string Value)[] headers)
    {
        using var response = await GetAsync(path, headers);
        return await response.Content.ReadAsStringAsync();
    }

    /// <summary>A connection of its own, for what no well-behaved client sends.</summary>
    public async Task<NetworkStream> RawAsync()
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        await socket.ConnectAsync(EndPoint);
        var stream = new NetworkStream(socket, ownsSocket: true) { ReadTimeout = 20_000 };
        _owned.Add(stream);
        return stream;
    }

    /// <summary>Waits for the log line of a request that ended.</summary>
    public async Task<IReadOnlyDictionary<string, object?>> LoggedAsync(Func<IReadOnlyDictionary<string, object?>, bool>? which = null)
    {
        IReadOnlyDictionary<string, object?>? line = null;
        await Eventually.IsTrueAsync(() => (line = Log.Requests.LastOrDefault(l => which?.Invoke(l) ?? true)) is not null, "the request is logged");
        return line!;
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var owned in _owned)
            owned.Dispose();
        await Frontend.DisposeAsync();
        foreach (var server in Servers)
            await server.DisposeAsync();
    }
}
