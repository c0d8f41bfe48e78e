using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Backends;

/// <summary>The pools of a user's sessions of one variant: one for each server, made when it is first used.</summary>
internal sealed class PoolSet(UserAccount account, PoolVariant variant, ConfigStore config, IServerConnector connector)
{
    private readonly Lock _lock = new();

    // By the servers' index; replaced whole, so that a lease takes one look and no lock.
    private volatile ConnectionPool?[] _pools = [];

    public PoolVariant Variant => variant;

    public IEnumerable<ConnectionPool> All => _pools.OfType<ConnectionPool>();

    /// <summary>The pool of a server.</summary>
    public ConnectionPool this[ServerState server] => Find(server) ?? Make(server);

    /// <summary>Whether sessions can still come to this pool.</summary>
    public bool Owns(ConnectionPool pool) => Find(pool.Backend.State) == pool;

    /// <summary>Forgets the empty pools of servers that were removed; called by the sweep.</summary>
    public void ForgetRemoved()
    {
        if (!All.Any(IsOver))
        {
            return;
        }

        lock (_lock)
        {
            _pools = [.. _pools.Select(p => p is not null && IsOver(p) ? null : p)];
        }
    }

    private static bool IsOver(ConnectionPool pool) => pool.Backend.State.IsRemoved && pool is { OpenCount: 0, WaiterCount: 0 };

    // A server that is gone has left its index to another.
    private ConnectionPool? Find(ServerState server)
    {
        ConnectionPool?[] pools = _pools;
        return server.Index < pools.Length && pools[server.Index] is { } pool && pool.Backend.State == server ? pool : null;
    }

    private ConnectionPool Make(ServerState server)
    {
        lock (_lock)
        {
            if (Find(server) is { } made)
            {
                return made;
            }

            var pools = new ConnectionPool?[Math.Max(_pools.Length, server.Index + 1)];
            _pools.CopyTo(pools, 0);
            var pool = new ConnectionPool(server.Backend, account, variant, config, connector);
            pools[server.Index] = pool;
            _pools = pools;
            return pool;
        }
    }
}
