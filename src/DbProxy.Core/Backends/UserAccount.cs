using System.Collections.Concurrent;
using System.Diagnostics;
using DbProxy.Core.Configuration;
using DbProxy.Protocol.Auth;

namespace DbProxy.Core.Backends;

/// <summary>
/// A user that a server has admitted: what is needed to admit the next client and to log in for it, and the user's
/// connections. It outlives changes of the password, because its sessions do, as on a server.
/// </summary>
internal sealed class UserAccount(string name, StoredCredential credential, ConfigStore config, ServerConnector connector)
{
    private readonly ConcurrentDictionary<PoolVariant, PoolSet> _pools = new();
    private readonly Dictionary<PoolVariant, int> _sessions = [];
    private readonly ConcurrentDictionary<string, byte> _schemas = new(StringComparer.Ordinal);
    private volatile StoredCredential _credential = credential;
    private volatile bool _forgotten;
    private long _verifiedAt;
    private long _retiredAt;

    /// <summary>Leases that had to wait for a connection, and for how long altogether (<see cref="Stopwatch"/> ticks).</summary>
    public long Waits;

    /// <summary>Client sessions of the user.</summary>
    public int Sessions;

    /// <summary>See <see cref="Waits"/>.</summary>
    public long WaitTicks;

    public string Name => name;

    public StoredCredential Credential => _credential;

    /// <summary>Whether a server refused the password: nobody is admitted until one accepts another.</summary>
    public bool IsForgotten => _forgotten;

    /// <summary>Whether it can be forgotten without anybody noticing, but for the full exchange at the next login.</summary>
    public bool IsUnused => Volatile.Read(ref Sessions) == 0 && Pools.All(p => p.OpenCount == 0);

    public IEnumerable<ConnectionPool> Pools => _pools.Values.SelectMany(p => p.All);

    /// <summary>The user's pools for sessions of this kind.</summary>
    public PoolSet PoolsFor(PoolVariant variant) => _pools.GetOrAdd(variant, v => new(this, v, config, connector));

    /// <summary>The same for a session, which keeps them until it calls <see cref="Leave"/>.</summary>
    public PoolSet Enter(PoolVariant variant)
    {
        Interlocked.Increment(ref Sessions);
        if (variant.Client is null)
        {
            return PoolsFor(variant);
        }

        lock (_sessions)
        {
            _sessions[variant] = _sessions.GetValueOrDefault(variant) + 1;
            return PoolsFor(variant);
        }
    }

    /// <summary>Whether sessions can still come to this pool (see <see cref="ForgetUnused"/>).</summary>
    public bool Owns(ConnectionPool pool) =>
        _pools.TryGetValue(pool.Variant, out PoolSet? pools) && pools.Owns(pool);

    /// <summary>A session has ended.</summary>
    public void Leave(PoolVariant variant)
    {
        Interlocked.Decrement(ref Sessions);
        if (variant.Client is not null)
        {
            lock (_sessions)
            {
                if (--_sessions[variant] == 0)
                {
                    _sessions.Remove(variant);
                }
            }
        }
    }

    /// <summary>Forgets the empty pools of servers that were removed, and of client addresses that nobody is connected from any
    /// more: there may be any number of addresses. Called by the sweep.</summary>
    public void ForgetUnused()
    {
        foreach (var (variant, pools) in _pools)
        {
            pools.ForgetRemoved();
            if (variant.Client is null || pools.All.Any(p => p.OpenCount > 0))
            {
                continue;
            }

            lock (_sessions)
            {
                if (!_sessions.ContainsKey(variant))
                {
                    _pools.TryRemove(variant, out _);
                }
            }
        }
    }

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

    /// <summary>A server accepted this password: it serves from now on, and connections of an older one end with their use.</summary>
    public void Renew(StoredCredential accepted)
    {
        _forgotten = false;
        if (System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(_credential.Password.Span, accepted.Password.Span))
        {
            return;
        }

        _credential = accepted;
        _schemas.Clear();
        RetireConnections();
    }

    /// <summary>Connections that were begun before now end with their use.</summary>
    public void RetireConnections()
    {
        Volatile.Write(ref _retiredAt, Stopwatch.GetTimestamp());
        CloseAllIdle();
    }

    /// <summary>A server refused the password. Sessions that are in stay in, as on a server.</summary>
    public void Forget()
    {
        _forgotten = true;
        Volatile.Write(ref _verifiedAt, 0);
        CloseAllIdle();
    }

    /// <summary>Whether a connection was begun before the password was renewed, when the account may be another one now, or before
    /// TLS with servers was changed.</summary>
    public bool IsOutdated(ServerConnection connection) => connection.CreatedAt < Volatile.Read(ref _retiredAt);

    /// <summary>Makes room on a server that allows the user no more connections.</summary>
    /// <returns>How many connections were closed.</returns>
    public int CloseIdle(ServerBackend backend) => Pools.Where(p => p.Backend == backend).Sum(p => p.CloseAllIdle());

    /// <summary>As <see cref="CloseIdle"/>, but leaves those of <paramref name="pool"/>.</summary>
    public int CloseIdleOfOthers(ConnectionPool pool) =>
        Pools.Where(p => p != pool && p.Backend == pool.Backend).Sum(p => p.CloseAllIdle());

    public void CloseAllIdle()
    {
        foreach (ConnectionPool pool in Pools)
        {
            pool.CloseAllIdle();
        }
    }
}
