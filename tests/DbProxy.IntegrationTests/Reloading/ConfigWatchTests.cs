using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Demo;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer;
using Xunit;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>The configuration file changes under a running process.</summary>
public sealed class ConfigWatchTests : IDisposable
{
    private const int HangUp = 1;

    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-watch-").FullName;
    private readonly EchoServer _a = new("a"), _b = new("b");
    private readonly int _port = ProxyProcess.FreePort();

    private string FilePath => Path.Combine(_folder, "dbproxy.json");

    public void Dispose()
    {
        _a.Dispose();
        _b.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public async Task Written_in_place_or_replaced_it_is_read_again_and_a_mistake_changes_nothing()
    {
        await File.WriteAllTextAsync(FilePath, Text(_a), TestContext.Current.CancellationToken);
        await using var proxy = await StartAsync();
        using var stays = await EchoClient.ConnectAsync(new(IPAddress.Loopback, _port));
        await File.WriteAllTextAsync(FilePath, Text(_b), TestContext.Current.CancellationToken);
        await AsksAsync("b");
        await ReplaceAsync("{ \"Frontends\": [ }");
        await proxy.SaysAsync("Configuration not reloaded: the former one stays in force");
        Assert.Contains("dbproxy.json(1,", proxy.Output, StringComparison.Ordinal);
        Assert.Equal("b", await EchoClient.AskAsync(new(IPAddress.Loopback, _port)));
        await ReplaceAsync(Text(_a));
        await AsksAsync("a");
        Assert.Equal("here", await stays.EchoAsync("here"));
    }

    [Fact]
    public async Task Behind_symbolic_links_it_is_noticed_as_kubernetes_changes_it()
    {
        foreach (var (folder, server) in new[] { ("1", _a), ("2", _b) })
        {
            Directory.CreateDirectory(Path.Combine(_folder, folder));
            await File.WriteAllTextAsync(Path.Combine(_folder, folder, "dbproxy.json"), Text(server), TestContext.Current.CancellationToken);
        }
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..data"), "1");
        File.CreateSymbolicLink(FilePath, Path.Combine("..data", "dbproxy.json"));
        await using var proxy = await StartAsync();
        await AsksAsync("a");
        Directory.CreateSymbolicLink(Path.Combine(_folder, "..new"), "2");
        // Directory.Move does not replace anything.
        using (var move = Process.Start("mv", ["-T", Path.Combine(_folder, "..new"), Path.Combine(_folder, "..data")]))
            await move.WaitForExitAsync(TestContext.Current.CancellationToken);
        await AsksAsync("b");
    }

    [Fact]
    public async Task Unwatched_it_is_read_on_a_signal()
    {
        await File.WriteAllTextAsync(FilePath, Text(_a, "\"ReloadOnChange\": false,"), TestContext.Current.CancellationToken);
        await using var proxy = await StartAsync();
        await ReplaceAsync(Text(_b));
        // The watch looks once a second and takes what it has seen twice.
        await Task.Delay(3_000, TestContext.Current.CancellationToken);
        Assert.Equal("a", await EchoClient.AskAsync(new(IPAddress.Loopback, _port)));
        proxy.Signal(HangUp);
        await AsksAsync("b");
    }

    [Fact]
    public async Task Log_levels_change_at_once()
    {
        await File.WriteAllTextAsync(FilePath, Text(_a, "\"Logging\": { \"Level\": \"Warning\" },"), TestContext.Current.CancellationToken);
        await using var proxy = ChildProcess.Start("run", "--config", FilePath, "--admin", "none");
        // It does not say that it listens.
        await Eventually.IsTrueAsync(ListensAsync, () => $"it listens: {proxy.Output}");
        await AsksAsync("a");
        Assert.DoesNotContain(" echo echo/", proxy.Output, StringComparison.Ordinal);
        await ReplaceAsync(Text(_b, "\"Logging\": { \"Level\": \"Information\", \"Format\": \"Json\" },"));
        await AsksAsync("b");
        await proxy.SaysAsync($"127.0.0.1 echo echo/127.0.0.1:{_b.Port}");
        await proxy.SaysAsync("Logging.Format");
    }

    private async Task<bool> ListensAsync()
    {
        try
        {
            return await EchoClient.AskAsync(new(IPAddress.Loopback, _port)) is not null;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private async Task<ChildProcess> StartAsync()
    {
        var proxy = ChildProcess.Start("run", "--config", FilePath, "--admin", "none");
        await proxy.SaysAsync("Frontend echo listens on");
        return proxy;
    }

    private string Text(EchoServer server, string more = "") => $$"""
        {
          {{more}}
          "Frontends": [ { "Name": "echo", "Listen": [ "127.0.0.1:{{_port}}" ], "Backend": "echo" } ],
          "Backends": [ { "Name": "echo", "Servers": [ { "Address": "127.0.0.1:{{server.Port}}" } ] } ]
        }
        """;

    private async Task ReplaceAsync(string text)
    {
        await File.WriteAllTextAsync(FilePath + ".new", text, TestContext.Current.CancellationToken);
        File.Move(FilePath + ".new", FilePath, overwrite: true);
    }

    private Task AsksAsync(string server) => Eventually.IsTrueAsync(
        async () => await EchoClient.AskAsync(new(IPAddress.Loopback, _port)) == server, () => $"clients get to {server}");
}
