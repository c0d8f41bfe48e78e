using System.Collections.Immutable;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Core.Configuration;

/// <summary>Holds the configuration in force and swaps it whole.</summary>
public sealed class ConfigStore
{
    private readonly Func<ConfigResult>? _load;
    private readonly SemaphoreSlim _reloading = new(1);
    private ImmutableArray<Func<ProxyConfig, Task<IPreparedChange>>> _parts = [];
    private volatile ProxyConfig _current;

    /// <summary>Starts with a valid configuration.</summary>
    /// <param name="initial">What is in force.</param>
    /// <param name="load">Reads all sources again for <see cref="ReloadAsync"/>; null: nothing to reload from.</param>
    /// <param name="file">The file among them; null: there is none.</param>
    public ConfigStore(ProxyConfig initial, Func<ConfigResult>? load = null, string? file = null)
    {
        ArgumentNullException.ThrowIfNull(initial);
        (_current, _load, File) = (initial, load, file);
    }

    /// <summary>The configuration in force. Read it once per command and keep that snapshot to the command's end.</summary>
    public ProxyConfig Current => _current;

    /// <summary>The configuration file; null: there is none.</summary>
    public string? File { get; }

    /// <summary>Called after each <see cref="ReloadAsync"/>.</summary>
    public event Action<ReloadResult>? Reloaded;

    /// <summary>From now on a part of the process opens what another configuration needs before that is in force, and refuses it
    /// by a <see cref="ConfigException"/> where that can't be.</summary>
    public void Attach(Func<ProxyConfig, Task<IPreparedChange>> prepare) =>
        ImmutableInterlocked.Update(ref _parts, static (all, one) => all.Add(one), prepare);

    /// <summary>
    /// Reads the configuration again and puts it in force, for whatever comes from then on; no connection is closed but where
    /// there is nothing any more for it to be on. What waits for a restart is named in <see cref="ReloadResult.NeedRestart"/>.
    /// With any mistake, such as an address that can't be listened on, nothing changes.
    /// </summary>
    public async Task<ReloadResult> ReloadAsync()
    {
        await _reloading.WaitAsync();
        ReloadResult result;
        try
        {
            result = await LoadAsync();
        }
        finally
        {
            _reloading.Release();
        }

        Reloaded?.Invoke(result);
        return result;
    }

    private async Task<ReloadResult> LoadAsync()
    {
        if (_load is null) return new(false, [new ConfigMistake("", "", "there is no configuration file to reload")], []);
        // Not on a thread of the caller's, which may be one that serves sockets.
        var loaded = await Task.Run(_load);
        if (loaded.Config is not { } read) return new(false, loaded.Mistakes, []);
        var next = ConfigDifference.Live(_current, read);
        await using var changes = new ChangeSet();
        try
        {
            foreach (var prepare in _parts) changes.Add(await prepare(next));
        }
        catch (ConfigException e)
        {
            return new(false, e.Mistakes, []);
        }

        var needRestart = ConfigDifference.NeedRestart(_current, read);
        _current = next;
        changes.Commit();
        return new(true, [], needRestart);
    }
}

/// <summary>What a reload did.</summary>
/// <param name="Applied">Whether the new values are in force; if not, the last good configuration stays.</param>
/// <param name="Mistakes">Why it was not applied.</param>
/// <param name="NeedRestart">Sections that differ but wait for a restart.</param>
public sealed record ReloadResult(bool Applied, IReadOnlyList<ConfigMistake> Mistakes, IReadOnlyList<string> NeedRestart);
