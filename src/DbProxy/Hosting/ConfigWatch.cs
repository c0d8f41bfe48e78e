using DbProxy.Core.Configuration;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>
/// Reads the configuration again when its file has changed: written in place, replaced, or behind another symbolic link, as
/// Kubernetes changes what it mounts. Looks at the contents once a second, which works on every file system.
/// </summary>
internal sealed partial class ConfigWatch(ConfigStore store, ListenSockets sockets, TimeProvider time, ILogger<ConfigWatch> logger) : BackgroundService
{
    private static readonly TimeSpan _interval = TimeSpan.FromSeconds(1);

    // As it was at the start of the process, or nearly: what changes before the host runs is seen at the first look.
    private string? _taken = Read(store.File);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (store.File is null) return;
        for (string? seen = _taken; ;)
        {
            await Task.Delay(_interval, time, stoppingToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (stoppingToken.IsCancellationRequested || sockets.IsHandedOver) return;
            var before = seen;
            seen = Read(store.File);
            // What still changes is being written, and what is gone is being replaced.
            if (seen is not null && seen == before && seen != _taken) await ReloadAsync(seen);
        }
    }

    private async Task ReloadAsync(string contents)
    {
        _taken = contents;
        if (!store.Current.ReloadOnChange) return;
        LogChanged(store.File!);
        try
        {
            await store.ReloadAsync();
        }
        catch (Exception e)
        {
            // A defect here must not end the process.
            LogFailed(e);
        }
    }

    private static string? Read(string? file)
    {
        try
        {
            return file is null ? null : File.ReadAllText(file);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    [LoggerMessage(1010, LogLevel.Information, "{File} has changed")]
    private partial void LogChanged(string file);

    [LoggerMessage(1011, LogLevel.Error, "Reloading failed; this is a defect of the proxy")]
    private partial void LogFailed(Exception exception);
}
