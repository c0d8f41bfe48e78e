using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>The program as an operator starts it: <c>dbproxy run</c> with flags only, in a process of its own.</summary>
internal sealed class ProxyProcess : IAsyncDisposable
{
    private const int Terminate = 15;

    private readonly Process _process;
    private readonly ReplicationCluster _cluster;
    private readonly ConcurrentQueue<string> _lines = new();

    private ProxyProcess(Process process, ReplicationCluster cluster, int port, int adminPort)
    {
        (_process, _cluster, Port) = (process, cluster, port);
        Admin = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{adminPort}"), Timeout = TimeSpan.FromSeconds(10) };
        process.OutputDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => _lines.Enqueue(line.Data ?? "");
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
    }

    internal int Port { get; }

    internal HttpClient Admin { get; }

    /// <summary>The most memory that the process has had so far (Linux's VmHWM), in bytes.</summary>
    internal long PeakMemory => 1024 * long.Parse(
        File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("VmHWM:", StringComparison.Ordinal)).Split(' ', StringSplitOptions.RemoveEmptyEntries)[1],
        System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>The example; the password comes from the environment.</summary>
    internal static async Task<ProxyProcess> StartAsync(ReplicationCluster cluster, params (string Name, string Value)[] environment)
    {
        var (port, adminPort) = (FreePort(), FreePort());
        string[] arguments =
        [
            "exec", Path.Combine(AppContext.BaseDirectory, "dbproxy.dll"), "run", "--listen", $"127.0.0.1:{port}",
            .. cluster.Servers.SelectMany(s => (string[])["--server", $"127.0.0.1:{s.Port}"]),
            "--monitor-user", cluster.Monitor.User, "--admin", $"127.0.0.1:{adminPort}",
        ];
        var start = new ProcessStartInfo("dotnet", arguments) { RedirectStandardOutput = true, RedirectStandardError = true };
        start.Environment["DBPROXY_MONITOR_PASSWORD"] = cluster.Monitor.Password;
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        var process = new ProxyProcess(Process.Start(start)!, cluster, port, adminPort);
        try
        {
            await process.UntilAsync(async () => await process.StatusAsync("/readyz") == HttpStatusCode.OK, "it is ready");
            return process;
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }

    internal async Task<MySqlConnection> ConnectAsync()
    {
        var connection = new MySqlConnection(
            $"Server=127.0.0.1;Port={Port};User ID={_cluster.App.User};Password={_cluster.App.Password};Database=app;Pooling=false;Connection Timeout=10;Allow User Variables=true");
        try
        {
            await connection.OpenAsync();
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>The status of a page; null when nobody listens, or answers in time.</summary>
    internal async Task<HttpStatusCode?> StatusAsync(string path)
    {
        try
        {
            using var response = await Admin.GetAsync(path);
            return response.StatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            return null;
        }
    }

    internal void Stop() => Assert.Equal(0, Kill(_process.Id, Terminate));

    internal async Task<int> ExitCodeAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    internal async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        var deadline = DateTime.UtcNow.AddSeconds(90);
        while (!await condition())
        {
            Assert.True(DateTime.UtcNow < deadline && !_process.HasExited, $"Not in time: {what}. {this}");
            await Task.Delay(50);
        }
    }

    public override string ToString() => string.Join('\n', _lines);

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill();
        await _process.WaitForExitAsync();
        _process.Dispose();
        Admin.Dispose();
    }

    internal static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
