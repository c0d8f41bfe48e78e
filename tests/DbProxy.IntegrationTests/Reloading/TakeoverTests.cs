using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.IntegrationTests.Demo;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>A new process takes over from a running one while clients come and go.</summary>
public sealed class TakeoverTests : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-takeover-").FullName;
    private readonly int _http = ProxyProcess.FreePort(), _tcp = ProxyProcess.FreePort(), _mysql = ProxyProcess.FreePort(), _admin = ProxyProcess.FreePort();

    private readonly List<ChildProcess> _processes = [];

    // In systemd's place.
    private readonly Socket _manager = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);

    public TakeoverTests() => _manager.Bind(new UnixDomainSocketEndPoint(NotifyPath));

    private string NotifyPath => Path.Combine(_folder, "notify");

    private string UnixPath => Path.Combine(_folder, "mysql.sock");

    public async ValueTask DisposeAsync()
    {
        foreach (var process in _processes)
            await process.DisposeAsync();
        _manager.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task No_client_is_refused_or_cut_off_however_often()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        await using var web = await TestServer.StartAsync("web");
        using var echo = new EchoServer("echo");
        var process = await StartAsync(cluster, web, echo);
        using var done = new CancellationTokenSource();
        using var http = new HttpClient(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(60) };
        var most = 0;
        var clients = new[]
        {
            RunAsync(async () => Assert.Equal("web", await http.GetStringAsync($"http://127.0.0.1:{_http}/name"))),
            RunAsync(async () => Assert.Equal("echo", await EchoClient.AskAsync(new(IPAddress.Loopback, _tcp)))),
            RunAsync(() => QueryAsync($"Server=127.0.0.1;Port={_mysql}")),
            RunAsync(() => QueryAsync($"Server={UnixPath};Protocol=unix")),
            RunAsync(async () => Assert.Equal("ok\n", await http.GetStringAsync($"http://127.0.0.1:{_admin}/healthz"))),
        };
        for (var round = 0; round < 2; round++)
        {
            var next = await StartAsync(cluster, web, echo);
            await next.SaysAsync("Took over from the process at");
            Assert.Equal(0, await process.EndsAsync());
            process = next;
            var before = Volatile.Read(ref most);
            await Eventually.IsTrueAsync(() => Volatile.Read(ref most) > before + 20 || clients.Any(c => c.IsCompleted), () => "clients go on");
        }

        await done.CancelAsync();
        Assert.All(await Task.WhenAll(clients), served => Assert.NotEqual(0, served));
        process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await process.EndsAsync());
        Assert.False(File.Exists(UnixPath));
        // The end of a process that has handed over is not the service's: it would be stopped whole.
        var told = Told();
        Assert.Equal(2, told.Count(t => t.StartsWith("MAINPID=", StringComparison.Ordinal)));
        Assert.Equal("STOPPING=1", Assert.Single(told, t => t.StartsWith("STOPPING", StringComparison.Ordinal)));

        Task<int> RunAsync(Func<Task> ask) => Task.Run(async () =>
        {
            var served = 0;
            for (; !done.IsCancellationRequested; served++)
            {
                await ask();
                Interlocked.Increment(ref most);
            }

            return served;
        });

        async Task QueryAsync(string server)
        {
            await using var session = new MySqlConnection(
                $"{server};User ID={cluster.App.User};Password={cluster.App.Password};Pooling=false;Connection Timeout=60;SslMode=None;AllowPublicKeyRetrieval=true");
            await session.OpenAsync();
            Assert.NotEqual(0, await session.ServerIdAsync());
        }
    }

    [Fact]
    public async Task A_new_process_that_fails_leaves_the_running_one_alone()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        await using var web = await TestServer.StartAsync("web");
        using var echo = new EchoServer("echo");
        var process = await StartAsync(cluster, web, echo);
        using var taken = new EchoServer("taken");
        var failing = Launch(cluster, web, echo, $", \"replica@127.0.0.1:{taken.Port}\"");
        Assert.Equal(1, await failing.EndsAsync());
        for (var i = 0; i < 5; i++)
            Assert.Equal("echo", await EchoClient.AskAsync(new(IPAddress.Loopback, _tcp)));
        Assert.True(File.Exists(UnixPath));
        var next = await StartAsync(cluster, web, echo);
        await next.SaysAsync("Took over from the process at");
        Assert.Equal(0, await process.EndsAsync());
    }

    private List<string> Told()
    {
        List<string> told = [];
        var buffer = new byte[256];
        while (_manager.Available > 0)
            told.Add(Encoding.UTF8.GetString(buffer, 0, _manager.Receive(buffer)));
        return told;
    }

    private async Task<ChildProcess> StartAsync(ReplicationCluster cluster, TestServer web, EchoServer echo)
    {
        var process = Launch(cluster, web, echo);
        await process.SaysAsync("Frontend tcp listens on");
        return process;
    }

    private ChildProcess Launch(ReplicationCluster cluster, TestServer web, EchoServer echo, string moreListeners = "")
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, $$"""
            {
              "TakeoverSocket": "{{Path.Combine(_folder, "takeover.sock")}}",
              "Listen": [ "127.0.0.1:{{_mysql}}", "unix:{{UnixPath}}"{{moreListeners}} ],
              "Servers": [ {{string.Join(", ", cluster.Servers.Select(s => $"{{ \"Address\": \"127.0.0.1:{s.Port}\" }}"))}} ],
              "Monitor": { "User": "{{cluster.Monitor.User}}", "Timeout": "30s", "ConnectTimeout": "30s" },
              "Admin": { "Listen": "127.0.0.1:{{_admin}}" },
              "Frontends": [
                { "Name": "http", "Mode": "Http", "Listen": [ "127.0.0.1:{{_http}}" ], "Backend": "web" },
                { "Name": "tcp", "Listen": [ "127.0.0.1:{{_tcp}}" ], "Backend": "echo" }
              ],
              "Backends": [
                { "Name": "web", "Servers": [ { "Address": "127.0.0.1:{{web.Port}}" } ] },
                { "Name": "echo", "Servers": [ { "Address": "127.0.0.1:{{echo.Port}}" } ] }
              ]
            }
            """);
        var process = ChildProcess.Start(
            new Dictionary<string, string> { ["DBPROXY_MONITOR_PASSWORD"] = cluster.Monitor.Password, ["NOTIFY_SOCKET"] = NotifyPath }, "run", "--config", file);
        _processes.Add(process);
        return process;
    }
}
