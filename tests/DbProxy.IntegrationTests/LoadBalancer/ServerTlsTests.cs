using System.Collections.Frozen;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.ProxyProtocol;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>What servers are told before the first byte of a client's: TLS and the PROXY header. The servers are nginx.</summary>
public sealed class ServerTlsTests : IDisposable
{
    private readonly TestCertificates _certificates = new();

    [Theory]
    [InlineData("ssl", false, "HTTP/1.1")]
    [InlineData("ssl http2", true, "HTTP/2.0")]
    public async Task The_server_is_verified_asked_for_by_name_and_shown_a_certificate(string listen, bool http2, string protocol)
    {
        await using var nginx = await NginxServer.StartAsync("n1", listen, Settings("app.internal", verifyClient: true));
        await using var front = await StartAsync(FrontendMode.Http, Backend(nginx, Tls()), http2);
        Assert.Equal($"{protocol} name=app.internal client=CN=front from= at=", await WhoAsync(front));
        var server = front.Backends["b"].Servers[0];
        await Eventually.IsTrueAsync(() => server.Status.Reason == "status 200", () => server.Status.ToString());
        Assert.Equal(0, server.Counters.ConnectErrors);
    }

    [Fact]
    public async Task A_server_that_is_not_who_it_should_be_gets_nothing()
    {
        using var strangers = new TestCertificates();
        await using var nginx = await NginxServer.StartAsync("n1", "ssl", Settings("app.internal"));
        foreach (var (wrong, why) in new[]
        {
            (Tls() with { ServerName = "other.internal" }, "its certificate does not name other.internal"),
            (Tls() with { CaFile = strangers.CaFile }, "no known authority vouches for its certificate"),
        })
        {
            await using var front = await StartAsync(FrontendMode.Http, Backend(nginx, wrong) with { Retries = 0 });
            using var response = await GetAsync(front, "/who");
            Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
            var server = front.Backends["b"].Servers[0];
            await Eventually.IsTrueAsync(() => !server.Status.IsUp, () => server.Status.ToString());
            Assert.StartsWith(why, server.Status.Reason);
        }
        // The authority alone vouches for any name.
        await using var lenient = await StartAsync(FrontendMode.Http, Backend(nginx, Tls() with { Verify = ServerVerification.Authority, ServerName = null }));
        Assert.StartsWith("HTTP/1.1", await WhoAsync(lenient));
    }

    [Fact]
    public async Task Another_server_takes_what_one_with_a_wrong_certificate_can_not_get()
    {
        await using var wrong = await NginxServer.StartAsync("n1", "ssl", Settings("other.internal"));
        await using var right = await NginxServer.StartAsync("n2", "ssl", Settings("app.internal"));
        await using var front = await StartAsync(FrontendMode.Http, Backend(wrong, Tls()) with { Check = null, Servers = [wrong.Config, right.Config] });
        for (var i = 0; i < 6; i++)
        {
            using var response = await GetAsync(front, "/who");
            Assert.Equal("n2", response.Headers.GetValues("X-Server").Single());
        }
        Assert.True(front.Backends["b"].Servers[0].Counters.Redispatches > 0);
    }

    [Fact]
    public async Task Tcp_mode_speaks_tls_to_its_servers_too()
    {
        await using var nginx = await NginxServer.StartAsync("n1", "ssl proxy_protocol", Settings("app.internal", verifyClient: true));
        await using var front = await StartAsync(FrontendMode.Tcp, Backend(nginx, Tls()) with { SendProxy = ProxyHeaderVersion.V2, Check = Check(CheckKind.Tcp) });
        Assert.Equal("HTTP/1.1 name=app.internal client=CN=front from=127.0.0.1 at=", await WhoAsync(front));
        var server = front.Backends["b"].Servers[0];
        await Eventually.IsTrueAsync(() => server.Status.Reason.StartsWith("connected, Tls1", StringComparison.Ordinal), () => server.Status.ToString());
    }

    [Theory]
    [InlineData(ProxyHeaderVersion.V1, false)]
    [InlineData(ProxyHeaderVersion.V2, false)]
    [InlineData(ProxyHeaderVersion.V2, true)]
    public async Task In_http_mode_each_client_has_server_connections_that_name_it(ProxyHeaderVersion version, bool tls)
    {
        await using var nginx = await NginxServer.StartAsync("n1", tls ? "ssl proxy_protocol" : "proxy_protocol", tls ? Settings("app.internal") : "");
        await using var front = await StartAsync(FrontendMode.Http, Backend(nginx, tls ? Tls() : null) with { SendProxy = version });
        using var one = Client("127.0.0.2");
        using var two = Client("127.0.0.3");
        var seen = new List<string>();
        for (var i = 0; i < 3; i++)
            foreach (var client in new[] { one, two })
                seen.Add(await client.GetStringAsync(Url(front, "/who")));
        string[] first = [.. seen.Where((_, i) => i % 2 == 0)], second = [.. seen.Where((_, i) => i % 2 == 1)];
        Assert.Contains("from=127.0.0.2 ", Assert.Single(first.Distinct()));
        Assert.Contains("from=127.0.0.3 ", Assert.Single(second.Distinct()));
        var server = front.Backends["b"].Servers[0];
        await Eventually.IsTrueAsync(() => server.Status.Reason == "status 200", () => server.Status.ToString());
    }

    [Fact]
    public async Task A_new_certificate_of_the_front_end_is_shown_from_then_on()
    {
        await using var nginx = await NginxServer.StartAsync("n1", "ssl", Settings("app.internal", verifyClient: true) + "keepalive_timeout 0;");
        await using var front = await StartAsync(FrontendMode.Http, Backend(nginx, Tls()));
        Assert.Contains("client=CN=front ", await WhoAsync(front));
        _certificates.Write("front.pem", "front2");
        await Eventually.IsTrueAsync(async () => (await WhoAsync(front)).Contains("client=CN=front2 ", StringComparison.Ordinal), () => "the new one is shown");
    }

    [Fact]
    public async Task Other_tls_settings_count_from_a_reload_on_and_wrong_ones_change_nothing()
    {
        await using var nginx = await NginxServer.StartAsync("n1", "ssl", Settings("app.internal"));
        await using var front = await StartAsync(FrontendMode.Http, Backend(nginx, Tls()) with { Retries = 0 });
        var config = new BalancerConfig { Frontends = [front.Frontends[0].Config], Backends = [front.Backends["b"].Config] };
        Assert.Contains("name=app.internal ", await WhoAsync(front));
        var broken = Tls() with { CaFile = Path.Combine(_certificates.Folder, "missing.pem") };
        await Assert.ThrowsAsync<BalancerException>(() => front.ApplyAsync(config with { Backends = [config.Backends[0] with { Tls = broken }] }));
        Assert.Contains("name=app.internal ", await WhoAsync(front));
        await front.ApplyAsync(config with { Backends = [config.Backends[0] with { Tls = Tls() with { ServerName = "other.internal" } }] });
        using var refused = await GetAsync(front, "/who");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        await front.ApplyAsync(config);
        await Eventually.IsTrueAsync(async () => (await WhoAsync(front)).Contains("name=app.internal ", StringComparison.Ordinal), () => "the former settings count again");
    }

    public void Dispose() => _certificates.Dispose();

    private ServerTls Tls() => new() { CaFile = _certificates.CaFile, ServerName = "app.internal", Certificate = new(_certificates.Write("front.pem", "front")) };

    private string Settings(string name, bool verifyClient = false)
    {
        var file = _certificates.Write($"{name}.pem", name);
        var client = verifyClient ? $"ssl_client_certificate {_certificates.CaFile}; ssl_verify_client on;" : "";
        return $"ssl_certificate {file}; ssl_certificate_key {file}; {client}";
    }

    private static BackendConfig Backend(NginxServer server, ServerTls? tls) => new() { Name = "b", Servers = [server.Config], Tls = tls, Check = Check(CheckKind.Http) };

    private static HealthCheckConfig Check(CheckKind kind) => new()
    {
        Kind = kind, Path = "/who", Interval = TimeSpan.FromMilliseconds(100), FastInterval = TimeSpan.FromMilliseconds(50), Timeout = TimeSpan.FromSeconds(10),
    };

    private static async Task<Balancer> StartAsync(FrontendMode mode, BackendConfig backend, bool http2 = false)
    {
        var http = mode == FrontendMode.Http ? new HttpConfig { Http2Backends = http2 ? new HashSet<string> { "b" }.ToFrozenSet() : [] } : null;
        var frontend = new FrontendConfig { Name = "f", Mode = mode, Backend = "b", Listen = [new(IPAddress.Loopback, 0)], Http = http };
        var balancer = new Balancer(new() { Frontends = [frontend], Backends = [backend] }, NullLoggerFactory.Instance);
        await balancer.StartAsync();
        return balancer;
    }

    private static Uri Url(Balancer front, string path) => new($"http://{front.Frontends[0].EndPoints.First()}{path}");

    private static HttpClient Client(string from) => new(new SocketsHttpHandler
    {
        UseProxy = false, MaxConnectionsPerServer = 1,
        ConnectCallback = async (context, stopping) =>
        {
            var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
            socket.Bind(new IPEndPoint(IPAddress.Parse(from), 0));
            await socket.ConnectAsync(context.DnsEndPoint, stopping);
            return new NetworkStream(socket, ownsSocket: true);
        },
    });

    private static async Task<HttpResponseMessage> GetAsync(Balancer front, string path)
    {
        using var client = Client("127.0.0.1");
        return await client.GetAsync(Url(front, path));
    }

    /// <summary>What nginx says of its client, without the connection's number.</summary>
    private static async Task<string> WhoAsync(Balancer front)
    {
        using var response = await GetAsync(front, "/who");
        var text = await response.Content.ReadAsStringAsync();
        return text[..(text.LastIndexOf('=') + 1)];
    }
}
