using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using DbProxy.Core.Configuration;
using DbProxy.Protocol.Auth;

namespace DbProxy.Core.Backends;

/// <summary>
/// A user that a server has admitted: what is needed to admit the next client and to log in for it, and the user's
/// connections. A changed password replaces the whole account, so connections never mix.
/// </summary>
internal sealed class UserAccount(string name, StoredCredential credential, ImmutableArray<ServerBackend> backends, ConfigStore config, ServerConnector connector)
{
    private readonly ConcurrentDictionary<PoolVariant, ImmutableArray<ConnectionPool>> _pools = new();
    private readonly ConcurrentDictionary<string, byte> _schemas = new(StringComparer.Ordinal);
    private long _verifiedAt;

    /// <summary>Leases that had to wait for a connection, and for how long altogether (<see cref="Stopwatch"/> ticks).</summary>
    public long Waits;

    /// <summary>See <see cref="Waits"/>.</summary>
    public long WaitTicks;

    public string Name => name;

    public StoredCredential Credential => credential;

    public IEnumerable<ConnectionPool> Pools => _pools.Values.SelectMany(p => p);

    /// <summary>The user's pools in the order of the servers.</summary>
    public ImmutableArray<ConnectionPool> PoolsFor(PoolVariant variant) =>
        _pools.GetOrAdd(variant, v => [.. backends.Select(b => new ConnectionPool(b, this, v, config, connector))]);

    /// <summary>Whether a server confirmed the password, and the user's right to the schema, recently enough.</summary>
    public bool IsVerified(string schema)
    {
        long at = Volatile.Read(ref _verifiedAt);
        return at != 0
            && Stopwatch.GetElapsedTime(at) <= config.Current.Limits.CredentialRecheck
            && (schema.Length == 0 || _schemas.ContainsKey(schema));
    }

    public void Verified(string schema)
    {
        if (Stopwatch.GetElapsedTime(Volatile.Read(ref _verifiedAt)) > config.Current.Limits.CredentialRecheck)
        {
            _schemas.Clear();
        }

        if (schema.Length > 0)
        {
            _schemas.TryAdd(schema, 0);
        }

        Volatile.Write(ref _verifiedAt, Stopwatch.GetTimestamp());
    }

    public void CloseAllIdle()
    {
        foreach (ConnectionPool pool in Pools)
        {
            pool.CloseAllIdle();
        }
    }
}
