using DbProxy.Commands;
using DbProxy.Hosting;

namespace DbProxy.Demo;

/// <summary>Runs something in the foreground until it ends or a signal ends it.</summary>
internal static class UntilStopped
{
    /// <param name="run">What to run: it writes to the given output and ends, with all that it started, when the token says so.</param>
    /// <returns>The process's exit code.</returns>
    public static async Task<int> RunAsync(Func<TextWriter, CancellationToken, Task<int>> run)
    {
        using var signals = new StopSignals();
        try
        {
            return await run(Console.Out, signals.Stopping);
        }
        catch (OperationCanceledException) when (signals.Stopping.IsCancellationRequested)
        {
            await Console.Out.WriteLineAsync("Stopped before it began; nothing is left running.");
            return ExitCode.Success;
        }
    }
}
