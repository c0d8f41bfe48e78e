using System.Runtime.InteropServices;
using DbProxy.Core.Configuration;
using Microsoft.Extensions.Options;

namespace DbProxy.Hosting;

/// <summary>SIGHUP reads the configuration again; a second Ctrl-C ends the drain. The host's lifetime does the rest.</summary>
internal sealed partial class SignalService(
    ConfigStore store, IHostApplicationLifetime lifetime, IOptions<HostOptions> host, ILogger<SignalService> logger)
    : IHostedService, IDisposable
{
    private readonly List<PosixSignalRegistration> _signals = [];
    private int _interrupts;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        store.Reloaded += Report;
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGHUP, OnHangUp));
        _signals.Add(PosixSignalRegistration.Create(PosixSignal.SIGINT, OnInterrupt));
        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _signals.ForEach(s => s.Dispose());

    /// <summary>Logs what came of a reload, whoever asked for it.</summary>
    internal void Report(ReloadResult result)
    {
        // The host reads this when it stops, from this very object.
        host.Value.ShutdownTimeout = HostFactory.ShutdownTimeout(store.Current);
        foreach (var mistake in result.Mistakes) LogMistake(mistake.ToString());
        if (!result.Applied) LogRejected();
        else if (result.NeedRestart.Count == 0) LogApplied();
        else LogPartlyApplied(string.Join(", ", result.NeedRestart));
    }

    private void OnHangUp(PosixSignalContext context)
    {
        context.Cancel = true;
        // Before all services run there is nothing to change: they begin with what was read at the start.
        if (lifetime.ApplicationStarted.IsCancellationRequested) _ = store.ReloadAsync();
    }

    private void OnInterrupt(PosixSignalContext context)
    {
        context.Cancel = true;
        // Each registration sees the signal, and the host's lifetime may have begun to stop because of this very one.
        if (Interlocked.Increment(ref _interrupts) == 1)
        {
            lifetime.StopApplication();
            return;
        }
        LogInterrupted();
        Environment.Exit(Commands.ExitCode.Failure);
    }

    [LoggerMessage(1001, LogLevel.Information, "Configuration reloaded")]
    private partial void LogApplied();

    [LoggerMessage(1002, LogLevel.Warning, "Configuration reloaded, but a restart is needed for {Sections}")]
    private partial void LogPartlyApplied(string sections);

    [LoggerMessage(1003, LogLevel.Error, "Configuration not reloaded: the former one stays in force")]
    private partial void LogRejected();

    [LoggerMessage(1004, LogLevel.Error, "{Mistake}")]
    private partial void LogMistake(string mistake);

    [LoggerMessage(1005, LogLevel.Warning, "Interrupted again: stopping without draining")]
    private partial void LogInterrupted();
}
