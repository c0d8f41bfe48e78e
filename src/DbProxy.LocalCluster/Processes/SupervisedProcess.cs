using System.Diagnostics;
using System.Globalization;

namespace DbProxy.LocalCluster.Processes;

/// <summary>
/// A long-running child that dies with this process, however this process dies: a small shell holds the read end of a
/// pipe from here, and kills the child when the pipe ends. (A parent-death signal would fire already when the pool
/// thread that started the child goes idle and exits.)
/// </summary>
internal sealed class SupervisedProcess : IDisposable
{
    // $1: log file, $2: container name or empty. The child's own group and session (setsid) keep a terminal's Ctrl-C
    // from it: it ends when it is told to, not before its clients.
    private const string Supervisor = """
        log=$1; container=$2; shift 2
        exec 3<&0
        "$@" </dev/null >>"$log" 2>&1 3<&- &
        child=$!
        echo "$child"
        (
          read -r _ <&3
          if [ -n "$container" ]; then docker kill "$container"; fi
          kill -KILL "$child"
        ) >/dev/null 2>&1 &
        watcher=$!
        exec 3<&- 1>&-
        wait "$child" 2>/dev/null
        code=$?
        kill -KILL "$watcher" 2>/dev/null
        exit "$code"
        """;

    private readonly Process _shell;

    private SupervisedProcess(Process shell, int processId) => (_shell, ProcessId) = (shell, processId);

    /// <summary>The child's own process id.</summary>
    public int ProcessId { get; }

    public bool HasExited => _shell.HasExited;

    public static async Task<SupervisedProcess> StartAsync(
        ProgramCommand command, string logPath, string? container)
    {
        var process = Process.Start(StartInfo(command, logPath, container)) ?? throw new InvalidOperationException("/bin/sh did not start.");
        var line = await process.StandardOutput.ReadLineAsync(CancellationToken.None);
        return int.TryParse(line, CultureInfo.InvariantCulture, out var id)
            ? new SupervisedProcess(process, id)
            : throw new InvalidOperationException($"The supervising shell ended with {process.ExitCode} before it started {command.FileName}.");
    }

    /// <summary>The supervising shell: it prints the child's process id as its first line.</summary>
    internal static ProcessStartInfo StartInfo(ProgramCommand command, string logPath, string? container)
    {
        string[] shell = ["/bin/sh", "-c", Supervisor, "dbproxy-supervisor", logPath, container ?? "", command.FileName];
        var setsid = File.Exists("/usr/bin/setsid") ? "/usr/bin/setsid" : null;
        return new ProcessStartInfo(setsid ?? shell[0], [.. setsid is null ? shell[1..] : shell, .. command.Arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
        };
    }

    /// <summary>Sends a signal to the child, if it runs.</summary>
    public void Signal(int signal)
    {
        // The shell reaps the child, so while the shell lives the id cannot belong to somebody else.
        if (!_shell.HasExited)
        {
            Signals.Send(ProcessId, signal);
        }
    }

    /// <summary>Waits for the child's end; false when the limit passed first.</summary>
    public async Task<bool> WaitForExitAsync(TimeSpan limit)
    {
        using var timed = new CancellationTokenSource(limit);
        try
        {
            await _shell.WaitForExitAsync(timed.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return _shell.HasExited;
        }
    }

    public void Dispose() => _shell.Dispose();
}
