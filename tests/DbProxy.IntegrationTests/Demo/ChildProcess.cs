using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.InteropServices;
using DbProxy.IntegrationTests.Infrastructure;
using Xunit;

namespace DbProxy.IntegrationTests.Demo;

/// <summary>
/// A command of <c>dbproxy</c> as a user starts it, with a temporary folder of its own, by which its servers can be told from
/// all others on the machine.
/// </summary>
internal sealed class ChildProcess : IAsyncDisposable
{
    public const int Interrupt = 2;
    public const int Terminate = 15;
    private const int KillSignal = 9;

    // Starting three servers on a busy machine takes long; only a defect takes this long.
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-test-").FullName;
    private readonly ConcurrentQueue<string> _lines = new();
    private readonly Process _process;

    private ChildProcess(IReadOnlyDictionary<string, string> environment, string[] arguments)
    {
        string program = Path.Combine(AppContext.BaseDirectory, "dbproxy.dll");
        var start = new ProcessStartInfo("dotnet", ["exec", program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["TMPDIR"] = _folder;
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        _process = new Process { StartInfo = start };
        _process.OutputDataReceived += (_, e) => Add(e.Data);
        _process.ErrorDataReceived += (_, e) => Add(e.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    /// <summary>All that it wrote.</summary>
    public string Output => string.Join('\n', _lines);

    public static ChildProcess Start(params string[] arguments) => new(new Dictionary<string, string>(), arguments);

    public static ChildProcess Start(IReadOnlyDictionary<string, string> environment, params string[] arguments) =>
        new(environment, arguments);

    /// <summary>Waits for a line that holds the text.</summary>
    public async Task SaysAsync(string text)
    {
        var started = Stopwatch.GetTimestamp();
        while (!_lines.Any(l => l.Contains(text, StringComparison.Ordinal)))
        {
            Assert.False(_process.HasExited, $"It ended without saying \"{text}\":\n{Output}");
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"It never said \"{text}\":\n{Output}");
            await Task.Delay(20, TestContext.Current.CancellationToken);
        }
    }

    public void Signal(int signal)
    {
        if (Ignores(signal))
        {
            // A shell's background job ignores SIGINT, its children inherit that, and the runtime keeps to it.
            Assert.Skip($"Signal {signal} is ignored here, as whoever started the tests set it.");
        }

        Assert.Equal(0, Kill(_process.Id, signal));
    }

    private bool Ignores(int signal)
    {
        string mask = File.ReadLines($"/proc/{_process.Id}/status").First(l => l.StartsWith("SigIgn:", StringComparison.Ordinal))[7..].Trim();
        return (Convert.ToUInt64(mask, 16) >> (signal - 1) & 1) != 0;
    }

    /// <summary>Kills the first server, which is the primary, as a crash would.</summary>
    public void KillPrimary()
    {
        var (id, _) = Assert.Single(ServerProcesses(), p => p.Command.Contains("--server-id=1\0", StringComparison.Ordinal)
            && !p.Command.Contains("dbproxy-supervisor", StringComparison.Ordinal));
        Assert.Equal(0, Kill(id, KillSignal));
    }

    /// <summary>The exit code, once it has ended by itself.</summary>
    public async Task<int> EndsAsync()
    {
        await _process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(Limit, TestContext.Current.CancellationToken);
        return _process.ExitCode;
    }

    /// <summary>The rest of the line that begins with a label.</summary>
    public string Printed(string label) => _lines.First(l => l.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim();

    /// <summary>No server of it runs, and its data is gone.</summary>
    public void LeftNothing()
    {
        Assert.Empty(ServerProcesses());
        Assert.Empty(Directory.EnumerateDirectories(_folder, "dbproxy-*"));
    }

    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
        {
            _process.Kill();
        }

        _process.Dispose();
        // A killed command's servers die a moment later, by their supervisors.
        await Eventually.IsTrueAsync(() => !ServerProcesses().Any(), $"the servers below {_folder} have ended");
        Directory.Delete(_folder, recursive: true);
    }

    private IEnumerable<(int Id, string Command)> ServerProcesses()
    {
        foreach (var process in Directory.EnumerateDirectories("/proc").Where(d => char.IsDigit(Path.GetFileName(d)[0])))
        {
            string command;
            try
            {
                command = File.ReadAllText(Path.Combine(process, "cmdline"));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                continue;
            }

            if (command.Contains(_folder, StringComparison.Ordinal))
            {
                yield return (int.Parse(Path.GetFileName(process), System.Globalization.CultureInfo.InvariantCulture), command);
            }
        }
    }

    private void Add(string? line)
    {
        if (line is not null)
        {
            _lines.Enqueue(line);
        }
    }

    [DllImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static extern int Kill(int process, int signal);
}
