using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text;
using DbProxy.Admin;
using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.IntegrationTests.Admin.Parts;

/// <summary>The operators' listener over a front end with two real web servers, a and b, and a client for it.</summary>
internal sealed class AdminBed : IAsyncDisposable
{
    public const string Password = "wide open spaces";

    private readonly AdminService _admin;

    private AdminBed(ImmutableArray<TestServer> servers, ProxyOptions options, ProxyServer? proxy, Func<ConfigResult>? load)
    {
        Servers = servers;
        Config = new(ProxyConfig.From(options), load, load is null ? null : "dbproxy.json");
        Balancer = new(Config.Current.FrontEnd, Log);
        _admin = new(Config, proxy, Balancer, Log);
    }

    public ImmutableArray<TestServer> Servers { get; }

    public ConfigStore Config { get; }

    public Balancer Balancer { get; }

    public RecordedLog Log { get; } = new();

    /// <summary>The operators' listener.</summary>
    public AdminService Admin => _admin;

    public Uri Address => _admin.Address!;

    /// <summary>A client of the operators' listener without credentials.</summary>
    public HttpClient Client { get; private set; } = null!;

    /// <summary>A client of the front end; each request on a connection of its own.</summary>
    public HttpClient Visitor { get; private set; } = null!;

    /// <summary>Starts all.</summary>
    /// <param name="configure">Changes the options, in which frontend <c>web</c>, backend <c>apps</c> and a password are.</param>
    /// <param name="proxy">A MySQL proxy that is shown too.</param>
    /// <param name="load">Reads the configuration again; null: there is none to read.</param>
    public static async Task<AdminBed> StartAsync(Action<ProxyOptions>? configure = null, ProxyServer? proxy = null, Func<ConfigResult>? load = null)
    {
        ImmutableArray<TestServer> servers = [await TestServer.StartAsync("a"), await TestServer.StartAsync("b")];
        var options = new ProxyOptions
        {
            Frontends = [new() { Name = "web", Mode = FrontendMode.Http, Listen = ["127.0.0.1:0"], Backend = "apps" }],
            // Unchecked: a busy machine must not take servers out of tests that say who answers.
            Backends = [new() { Name = "apps", Check = { Kind = BackendCheck.None }, Servers = [.. servers.Select(s => new BackendServerOptions { Name = s.Name, Address = $"127.0.0.1:{s.Port}" })] }],
            Admin = { Listen = "127.0.0.1:0", Password = Password },
        };
        configure?.Invoke(options);
        var bed = new AdminBed(servers, options, proxy, load);
        await bed.Balancer.StartAsync();
        await bed._admin.StartAsync(default);
        bed.Client = bed.NewClient(bed.Address);
        bed.Visitor = bed.NewClient(new($"http://{bed.Balancer.Frontends[0].EndPoints.First()}"));
        bed.Visitor.DefaultRequestHeaders.ConnectionClose = true;
        return bed;
    }

    public HttpClient NewClient(Uri address) => new(new SocketsHttpHandler
    {
        UseProxy = false, AllowAutoRedirect = false, SslOptions = { RemoteCertificateValidationCallback = static (_, _, _, _) => true },
    })
    {
        BaseAddress = address, Timeout = TimeSpan.FromSeconds(30),
    };

    /// <summary>Sends a request with what is given of it.</summary>
    public async Task<HttpResponseMessage> SendAsync(
        HttpMethod method, string path, string? json = null, AuthenticationHeaderValue? login = null, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(method, path);
        request.Headers.Authorization = login;
        if (json is not null)
            request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        foreach (var (name, value) in headers)
            request.Headers.TryAddWithoutValidation(name, value);
        return await Client.SendAsync(request);
    }

    public static AuthenticationHeaderValue Bearer(string token) => new("Bearer", token);

    public static AuthenticationHeaderValue Basic(string user, string password) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes($"{user}:{password}")));

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        Visitor.Dispose();
        await _admin.StopAsync(default);
        await Balancer.DisposeAsync();
        foreach (var server in Servers)
            await server.DisposeAsync();
    }
}
