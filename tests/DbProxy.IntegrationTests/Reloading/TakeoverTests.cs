using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.IntegrationTests.Demo;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LocalCluster;
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
        await using var load = Load(cluster);
        for (var round = 0; round < 2; round++)
        {
            var next = await StartAsync(cluster, web, echo);
            await next.SaysAsync("Took over from the process at");
            Assert.Equal(0, await process.EndsAsync());
            process = next;
            await load.GoesOnAsync();
        }

        await load.EndsWellAsync();
        process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await process.EndsAsync());
        Assert.False(File.Exists(UnixPath));
        // The end of a process that has handed over is not the service's: it would be stopped whole.
        var told = Told();
        Assert.Equal(2, told.Count(t => t.StartsWith("MAINPID=", StringComparison.Ordinal)));
        Assert.Equal("STOPPING=1", Assert.Single(told, t => t.StartsWith("STOPPING", StringComparison.Ordinal)));
    }

    [Fact]
    public async Task A_new_process_that_fails_late_has_taken_no_client()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        await using var web = await TestServer.StartAsync("web");
        using var echo = new EchoServer("echo");
        var process = await StartAsync(cluster, web, echo);
        await using var load = Load(cluster);
        using var taken = new EchoServer("taken");
        for (var round = 0; round < 2; round++)
        {
            // All the others can listen when this one finds that it can't.
            var failing = Launch(cluster, web, echo, lastFrontend: $$""", { "Name": "late", "Listen": [ "127.0.0.1:{{taken.Port}}" ], "Backend": "echo" }""");
            var ended = failing.EndsAsync();
            await using var sleepers = await load.ComeAndWaitAsync(ended);
            Assert.Equal(1, await ended);
            await sleepers.AreServedAsync();
            await load.GoesOnAsync();
        }

        await load.EndsWellAsync();
        process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await process.EndsAsync());
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

    private TakeoverLoad Load(ReplicationCluster cluster) => new(_http, _tcp, _mysql, UnixPath, _admin, cluster.App);

    private ChildProcess Launch(ReplicationCluster cluster, TestServer web, EchoServer echo, string moreListeners = "", string lastFrontend = "")
    {
        var file = Path.Combine(_folder, $"{Guid.NewGuid():N}.json");
        File.WriteAllText(file, $$"""
            {
              "TakeoverSocket": "{{Path.Combine(_folder, "takeover.sock")}}",
              "Listen": [ "127.0.0.1:{{_mysql}}", "unix:{{UnixPath}}"{{moreListeners}} ],
              "Servers": [ {{string.Join(", ", cluster.Servers.Select(s => $"{{ \"Address\": \"127.0.0.1:{s.Port}\" }}"))}} ],
              "Monitor": { "User": "{{cluster.Monitor.User}}", "Timeout": "30s", "ConnectTimeout": "30s" },
              // On a busy machine a client may be slow to log in, or to ask for something.
              "Limits": { "LoginTimeout": "1m", "DrainTimeout": "5m" },
              "Admin": { "Listen": "127.0.0.1:{{_admin}}" },
              "Frontends": [
                { "Name": "http", "Mode": "Http", "Listen": [ "127.0.0.1:{{_http}}" ], "Backend": "web" },
                { "Name": "tcp", "Listen": [ "127.0.0.1:{{_tcp}}" ], "Backend": "echo" }{{lastFrontend}}
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
