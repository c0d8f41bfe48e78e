using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;
using DbProxy.Tests.Configuration;
using Xunit;

namespace DbProxy.Tests.Commands;

/// <summary>The program as a service manager sees it: told when it is ready, stopped by SIGTERM, asked to reload by SIGHUP.</summary>
public sealed class ProcessTests : IDisposable
{
    private const int HangUp = 1;
    private const int Terminate = 15;
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task Systemd_hears_of_start_and_stop_and_a_reload_is_logged_as_json()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("systemd is Linux's");
        var timeout = TestContext.Current.CancellationToken;
        var config = _text.File("live.json", ConfigText.With("\"Listen\": [ \"127.0.0.1:0\" ], \"Admin\": { \"Listen\": null }"));
        var notify = Path.Combine(Path.GetDirectoryName(config)!, "notify");
        using var manager = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
        manager.Bind(new UnixDomainSocketEndPoint(notify));
        manager.ReceiveTimeout = 30_000;

        using var process = Start(notify, "run", "--config", config, "--log-format", "json");
        try
        {
            Assert.Equal("READY=1", Receive(manager));
            File.WriteAllText(config, "{");
            Assert.Equal(0, Kill(process.Id, HangUp));
            var line = await LineAsync(process, "broken JSON", timeout);
            Assert.Equal("Error", line.RootElement.GetProperty("LogLevel").GetString());
            Assert.EndsWith("Z", line.RootElement.GetProperty("Timestamp").GetString(), StringComparison.Ordinal);
            Assert.Equal(0, Kill(process.Id, Terminate));
            Assert.Equal("STOPPING=1", Receive(manager));
            await process.WaitForExitAsync(timeout).WaitAsync(TimeSpan.FromSeconds(60), timeout);
            Assert.Equal(0, process.ExitCode);
        }
        finally
        {
            if (!process.HasExited) process.Kill();
        }
    }

    private static Process Start(string notify, params string[] arguments)
    {
        // Whoever runs the tests under nohup passes an ignored SIGHUP on, and the runtime respects that.
        var start = new ProcessStartInfo("env") { RedirectStandardOutput = true };
        start.Environment["NOTIFY_SOCKET"] = notify;
        foreach (var argument in (string[])["--default-signal=HUP", "dotnet", "exec", Path.Combine(AppContext.BaseDirectory, "dbproxy.dll"), .. arguments])
            start.ArgumentList.Add(argument);
        return Process.Start(start)!;
    }

    private static string Receive(Socket socket)
    {
        var buffer = new byte[256];
        return Encoding.UTF8.GetString(buffer, 0, socket.Receive(buffer));
    }

    private static async Task<System.Text.Json.JsonDocument> LineAsync(Process process, string text, CancellationToken timeout)
    {
        while (await process.StandardOutput.ReadLineAsync(timeout).AsTask().WaitAsync(TimeSpan.FromSeconds(30), timeout) is { } line)
            if (line.Contains(text, StringComparison.Ordinal)) return System.Text.Json.JsonDocument.Parse(line);
        throw new InvalidOperationException($"the process ended without logging \"{text}\"");
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
