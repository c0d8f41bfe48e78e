using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;
using Xunit;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>A real HAProxy in front of a proxy. Dies with this process in every case.</summary>
internal sealed class HAProxy : IAsyncDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-haproxy").FullName;
    private SupervisedProcess? _process;

    public int Port { get; } = FreePort();

    /// <param name="target">The port of the proxy.</param>
    /// <param name="option"><c>send-proxy</c> or <c>send-proxy-v2</c>, with more options if wanted.</param>
    public static async Task<HAProxy> StartAsync(int target, string option)
    {
        var program = new[] { "/usr/sbin/haproxy", "/usr/bin/haproxy", "/usr/local/sbin/haproxy" }.FirstOrDefault(File.Exists);
        if (program is null)
        {
            Assert.Skip("HAProxy is not installed (Debian: haproxy).");
        }

        var haproxy = new HAProxy();
        var config = Path.Combine(haproxy._folder, "haproxy.cfg");
        await File.WriteAllTextAsync(config, $"""
            global
                maxconn 200
            defaults
                mode tcp
                timeout connect 5s
                timeout client 1m
                timeout server 1m
            listen mysql
                bind 127.0.0.1:{haproxy.Port}
                server dbproxy 127.0.0.1:{target} {option}

            """);
        haproxy._process = await SupervisedProcess.StartAsync(new ProgramCommand(program, ["-db", "-f", config]), Path.Combine(haproxy._folder, "log"), null);
        await Eventually.IsTrueAsync(haproxy.AnswersAsync, () => "HAProxy listens");
        return haproxy;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { } process)
        {
            process.Signal(Signals.Kill);
            await process.WaitForExitAsync(TimeSpan.FromSeconds(10));
            process.Dispose();
        }

        Directory.Delete(_folder, recursive: true);
    }

    private async Task<bool> AnswersAsync()
    {
        Assert.False(_process!.HasExited, "HAProxy ended at its start.");
        try
        {
            using var probe = new TcpClient();
            await probe.ConnectAsync(IPAddress.Loopback, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
