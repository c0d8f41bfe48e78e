namespace DbProxy.Core.Configuration;

/// <summary>Holds the configuration in force and swaps it whole.</summary>
public sealed class ConfigStore
{
    private readonly Func<ConfigResult>? _load;
    private readonly Lock _reloading = new();
    private volatile ProxyConfig _current;

    /// <summary>Starts with a valid configuration.</summary>
    /// <param name="initial">What is in force.</param>
    /// <param name="load">Reads all sources again for <see cref="TryReload"/>; null: nothing to reload from.</param>
    public ConfigStore(ProxyConfig initial, Func<ConfigResult>? load = null)
    {
        ArgumentNullException.ThrowIfNull(initial);
        _current = initial;
        _load = load;
    }

    /// <summary>The configuration in force. Read it once per command and keep that snapshot to the command's end.</summary>
    public ProxyConfig Current => _current;

    /// <summary>
    /// Reads the configuration again. Routing, Pool and Limits take effect at once; a change anywhere else waits for a
    /// restart and is named in <see cref="ReloadResult.NeedRestart"/>. With any mistake nothing changes.
    /// </summary>
    public ReloadResult TryReload()
    {
        lock (_reloading)
        {
            var loaded = _load is null
                ? new ConfigResult(null, [new ConfigMistake("", "", "there is no configuration file to reload")])
                : _load();
            if (loaded.Config is not { } next) return new ReloadResult(false, loaded.Mistakes, []);
            var old = _current;
            _current = old with { Routing = next.Routing, Pool = next.Pool, Limits = next.Limits };
            return new ReloadResult(true, [], ConfigDifference.NeedRestart(old, next));
        }
    }
}

/// <summary>What a reload did.</summary>
/// <param name="Applied">Whether the new values are in force; if not, the last good configuration stays.</param>
/// <param name="Mistakes">Why it was not applied.</param>
/// <param name="NeedRestart">Sections that differ but wait for a restart.</param>
public sealed record ReloadResult(bool Applied, IReadOnlyList<ConfigMistake> Mistakes, IReadOnlyList<string> NeedRestart);
