using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>One client of each kind, each with one connection after the other, and one that keeps its connection as long as it may.</summary>
internal sealed class TakeoverLoad : IAsyncDisposable
{
    private readonly CancellationTokenSource _done = new();
    private readonly HttpClient _http = new(new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.Zero }) { Timeout = TimeSpan.FromSeconds(60) };
    private readonly KeptConnection _kept;
    private readonly Task<int>[] _clients;
    private readonly Func<Task<(MySqlConnection, TcpClient)>> _come;
    private int _served;

    public TakeoverLoad(int http, int tcp, int mysql, string unixPath, int admin, ClusterAccount account)
    {
        _come = async () => (await OpenAsync($"Server=127.0.0.1;Port={mysql}", account), new TcpClient("127.0.0.1", admin));
        _kept = new(http);
        _clients =
        [
            RunAsync(_kept.AskAsync),
            RunAsync(async () => Assert.Equal("web", await _http.GetStringAsync($"http://127.0.0.1:{http}/name"))),
            RunAsync(async () => Assert.Equal("echo", await EchoClient.AskAsync(new(IPAddress.Loopback, tcp)))),
            RunAsync(() => QueryAsync($"Server=127.0.0.1;Port={mysql}", account)),
            RunAsync(() => QueryAsync($"Server={unixPath};Protocol=unix", account)),
            RunAsync(async () => Assert.Equal("ok\n", await _http.GetStringAsync($"http://127.0.0.1:{admin}/healthz"))),
        ];
    }

    /// <summary>More clients come all the time until something has ended, and ask for nothing yet.</summary>
    public async Task<Sleepers> ComeAndWaitAsync(Task end)
    {
        var sleepers = new Sleepers();
        while (!end.IsCompleted)
        {
            if (sleepers.Count < 300)
                sleepers.Add(await _come());
            await Task.WhenAny(end, Task.Delay(5));
        }

        return sleepers;
    }

    /// <summary>Waits until clients were served again, or one was not.</summary>
    public Task GoesOnAsync()
    {
        var before = Volatile.Read(ref _served);
        return Eventually.IsTrueAsync(() => Volatile.Read(ref _served) > before + 20 || _clients.Any(c => c.IsCompleted), "clients go on");
    }

    /// <summary>Ends the clients; each of them was served, always.</summary>
    public async Task EndsWellAsync()
    {
        await _done.CancelAsync();
        Assert.All(await Task.WhenAll(_clients), served => Assert.NotEqual(0, served));
    }

    public async ValueTask DisposeAsync()
    {
        await _done.CancelAsync();
        await Task.WhenAll((IEnumerable<Task>)_clients).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        _kept.Dispose();
        _http.Dispose();
        _done.Dispose();
    }

    private Task<int> RunAsync(Func<Task> ask) => Task.Run(async () =>
    {
        var served = 0;
        for (; !_done.IsCancellationRequested; served++)
        {
            await ask();
            Interlocked.Increment(ref _served);
        }

        return served;
    });

    private static async Task QueryAsync(string server, ClusterAccount account)
    {
        await using var session = await OpenAsync(server, account);
        Assert.NotEqual(0, await session.ServerIdAsync());
    }

    private static async Task<MySqlConnection> OpenAsync(string server, ClusterAccount account)
    {
        var session = new MySqlConnection(
            $"{server};User ID={account.User};Password={account.Password};Pooling=false;Connection Timeout=60;SslMode=None;AllowPublicKeyRetrieval=true");
        await session.OpenAsync();
        return session;
    }

    /// <summary>Clients that are connected, with the process that accepted them, and have asked for nothing yet.</summary>
    internal sealed class Sleepers : IAsyncDisposable
    {
        private readonly List<(MySqlConnection Session, TcpClient Admin)> _all = [];

        public int Count => _all.Count;

        public void Add((MySqlConnection, TcpClient) pair) => _all.Add(pair);

        public async Task AreServedAsync()
        {
            Assert.NotEmpty(_all);
            foreach (var (session, admin) in _all)
            {
                Assert.NotEqual(0, await session.ServerIdAsync());
                await admin.GetStream().WriteAsync("GET /healthz HTTP/1.1\r\nHost: x\r\n\r\n"u8.ToArray());
                var answer = new byte[12];
                await admin.GetStream().ReadExactlyAsync(answer).AsTask().WaitAsync(TimeSpan.FromSeconds(60));
                Assert.Equal("HTTP/1.1 200", Encoding.ASCII.GetString(answer));
            }
        }

        public async ValueTask DisposeAsync()
        {
            foreach (var (session, admin) in _all)
            {
                await session.DisposeAsync();
                admin.Dispose();
            }
        }
    }
}
