using System.Runtime.InteropServices;

namespace DbProxy.Hosting;

/// <summary>
/// For commands without a host: Ctrl-C, SIGTERM and a closed terminal end them in order; a second one ends them at once.
/// </summary>
internal sealed class StopSignals : IDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly PosixSignalRegistration[] _signals;
    private int _count;

    public StopSignals() => _signals =
        [.. new[] { PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP }.Select(s => PosixSignalRegistration.Create(s, OnSignal))];

    public CancellationToken Stopping => _stopping.Token;

    public void Dispose()
    {
        foreach (var signal in _signals)
        {
            signal.Dispose();
        }

        _stopping.Dispose();
    }

    private void OnSignal(PosixSignalContext context)
    {
        context.Cancel = true;
        if (Interlocked.Increment(ref _count) == 1)
        {
            _stopping.Cancel();
            return;
        }

        // The servers are supervised: they die with this process.
        Environment.Exit(Commands.ExitCode.Failure);
    }
}
