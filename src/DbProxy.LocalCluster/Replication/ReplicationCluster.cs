using DbProxy.LocalCluster.Processes;
using DbProxy.LocalCluster.Replication;
using MySqlConnector;

namespace DbProxy.LocalCluster;

/// <summary>
/// One primary and its replicas, with GTID replication, on 127.0.0.1. Servers and data end with it. Methods are for one
/// caller at a time.
/// </summary>
public sealed class ReplicationCluster : IAsyncDisposable
{
    private readonly OwnedFolder _folder;
    private readonly ClusterAccounts _accounts;
    private readonly ReplicationDialect _dialect;

    internal ReplicationCluster(
        ServerInstallation installation, OwnedFolder folder, ClusterAccounts accounts, IReadOnlyList<LocalServer> servers)
    {
        (Installation, _folder, _accounts, Servers) = (installation, folder, accounts, servers);
        _dialect = ReplicationDialect.For(installation.Flavor);
        Primary = servers[0];
    }

    /// <summary>The programs in use.</summary>
    public ServerInstallation Installation { get; }

    /// <summary>All servers, ordered by server id; the first was the primary at the start.</summary>
    public IReadOnlyList<LocalServer> Servers { get; }

    /// <summary>The server that takes writes now.</summary>
    public LocalServer Primary { get; private set; }

    /// <summary>All servers but the primary.</summary>
    public IReadOnlyList<LocalServer> Replicas => [.. Servers.Where(server => server != Primary)];

    /// <summary>May do everything, on all servers.</summary>
    public ClusterAccount Root => _accounts.Root;

    /// <summary>May do everything in the schema <c>app</c>, which exists and is empty.</summary>
    public ClusterAccount App => _accounts.App;

    /// <summary>May read the state of replication, and nothing else.</summary>
    public ClusterAccount Monitor => _accounts.Monitor;

    /// <summary>Finds a server, starts a cluster of it, and returns when all replicas replicate.</summary>
    /// <exception cref="ClusterUnavailableException">No server can be had; the message says what was tried.</exception>
    /// <exception cref="ServerStartException">A server did not start; the message holds the end of its log.</exception>
    public static async Task<ReplicationCluster> StartAsync(
        ServerFlavor flavor, ClusterOptions? options = null, CancellationToken cancel = default)
    {
        options ??= new ClusterOptions();
        var found = await ServerBinaries.FindAsync(flavor, options.Binaries, cancel);
        return found.Found
            ? await StartAsync(found.Installation, options, cancel)
            : throw new ClusterUnavailableException(found);
    }

    /// <summary>Starts a cluster of a server that was found before.</summary>
    /// <exception cref="ServerStartException">A server did not start; the message holds the end of its log.</exception>
    public static Task<ReplicationCluster> StartAsync(
        ServerInstallation installation, ClusterOptions options, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(installation);
        ArgumentNullException.ThrowIfNull(options);
        ArgumentOutOfRangeException.ThrowIfNegative(options.Replicas);
        return new ClusterStarter(installation, options).StartAsync(cancel);
    }

    /// <summary>An open connection to one server, as root unless an account is given. It is not pooled.</summary>
    public async Task<MySqlConnection> ConnectAsync(
        LocalServer server, ClusterAccount? account = null, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(server);
        account ??= Root;
        var connection = new MySqlConnection(server.ConnectionString(account.User, account.Password) + ";Pooling=false");
        try
        {
            await connection.OpenAsync(cancel);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    /// <summary>Runs statements on one server as root, in one session.</summary>
    public async Task ExecuteAsync(LocalServer server, IEnumerable<string> statements, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(statements);
        await using var connection = await ConnectAsync(server, null, cancel);
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection) { CommandTimeout = 60 };
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    /// <summary>Runs one statement on one server as root.</summary>
    public Task ExecuteAsync(LocalServer server, string statement, CancellationToken cancel = default) =>
        ExecuteAsync(server, [statement], cancel);

    /// <summary>The first column of the first row of a query on one server as root; null when there is none.</summary>
    public async Task<object?> ScalarAsync(LocalServer server, string query, CancellationToken cancel = default)
    {
        await using var connection = await ConnectAsync(server, null, cancel);
        await using var command = new MySqlCommand(query, connection) { CommandTimeout = 600 };
        return await command.ExecuteScalarAsync(cancel);
    }

    /// <summary>
    /// Creates an account on all servers, by the primary. <paramref name="plugin"/> such as <c>ed25519</c> or
    /// <c>caching_sha2_password</c> is the server's name for it; null is the server's default.
    /// </summary>
    public Task CreateUserAsync(
        string user, string password, string? plugin = null, string privileges = "ALL ON app.*", CancellationToken cancel = default) =>
        ExecuteAsync(
            Primary,
            [$"CREATE USER '{user}'@'%' {_dialect.IdentifiedBy(password, plugin)}", $"GRANT {privileges} TO '{user}'@'%'"],
            cancel);

    /// <summary>Makes a replica apply transactions only this long after the primary; whole seconds, zero ends it.</summary>
    public Task SetDelayAsync(LocalServer replica, TimeSpan delay, CancellationToken cancel = default) =>
        ExecuteAsync(replica, [_dialect.Stop, _dialect.SetDelay((int)delay.TotalSeconds), _dialect.Start], cancel);

    /// <summary>Starts or stops the thread that applies what a replica received (SQL thread).</summary>
    public Task SetApplierAsync(LocalServer replica, bool running, CancellationToken cancel = default) =>
        ExecuteAsync(replica, _dialect.Thread(running, applier: true), cancel);

    /// <summary>Starts or stops the thread by which a replica receives from the primary (I/O thread).</summary>
    public Task SetReceiverAsync(LocalServer replica, bool running, CancellationToken cancel = default) =>
        ExecuteAsync(replica, _dialect.Thread(running, applier: false), cancel);

    /// <summary>Waits until all running replicas have everything that the primary has now.</summary>
    /// <exception cref="TimeoutException">One did not get there within <paramref name="limit"/> (default 30 s).</exception>
    public async Task WaitForSyncAsync(TimeSpan? limit = null, CancellationToken cancel = default)
    {
        var position = await PositionAsync(Primary, cancel);
        await Task.WhenAll(Replicas.Where(r => r.IsRunning).Select(replica =>
            WaitForAsync(replica, position, limit ?? TimeSpan.FromSeconds(30), cancel)));
    }

    /// <summary>
    /// Switches over to a replica. A primary that still runs becomes read-only first and then follows the new one, and
    /// no transaction is lost; one that is down is passed over (see <see cref="RejoinAsync"/>).
    /// </summary>
    public async Task PromoteAsync(LocalServer replica, CancellationToken cancel = default)
    {
        ArgumentNullException.ThrowIfNull(replica);
        var former = Primary;
        if (former == replica)
        {
            return;
        }

        if (former.IsRunning)
        {
            await SetReadOnlyAsync(former, true, cancel);
            await WaitForAsync(replica, await PositionAsync(former, cancel), TimeSpan.FromSeconds(30), cancel);
        }

        await ExecuteAsync(replica, [_dialect.Stop, _dialect.Forget], cancel);
        await SetReadOnlyAsync(replica, false, cancel);
        Primary = replica;
        foreach (var other in Replicas.Where(server => server.IsRunning))
        {
            await FollowPrimaryAsync(other, wasPrimary: other == former, cancel);
        }
    }

    /// <summary>
    /// Makes a server that runs again after <see cref="PromoteAsync"/> a read-only replica of the present primary. What
    /// it alone has committed before it went down stays a conflict: replication then stops with an error.
    /// </summary>
    public async Task RejoinAsync(LocalServer server, CancellationToken cancel = default)
    {
        await SetReadOnlyAsync(server, true, cancel);
        await FollowPrimaryAsync(server, wasPrimary: true, cancel);
    }

    /// <summary>Kills all servers and deletes their data.</summary>
    public async ValueTask DisposeAsync()
    {
        await Task.WhenAll(Servers.Select(server => server.DisposeAsync().AsTask()));
        _folder.Dispose();
    }

    internal async Task FollowPrimaryAsync(LocalServer server, bool wasPrimary, CancellationToken cancel)
    {
        List<string> statements = [_dialect.Stop];
        if (wasPrimary && _dialect.AdoptOwnPosition is { } adopt)
        {
            statements.Add(adopt);
        }

        await ExecuteAsync(server, [.. statements, _dialect.Follow(Primary.Port, _accounts.Replication), _dialect.Start], cancel);
    }

    private async Task SetReadOnlyAsync(LocalServer server, bool readOnly, CancellationToken cancel)
    {
        await ExecuteAsync(server, _dialect.SetReadOnly(readOnly), cancel);
        server.ReadOnly = readOnly;
    }

    private async Task<string> PositionAsync(LocalServer server, CancellationToken cancel) =>
        ((string?)await ScalarAsync(server, _dialect.PositionQuery, cancel) ?? "").Replace("\n", "", StringComparison.Ordinal);

    private async Task WaitForAsync(LocalServer replica, string position, TimeSpan limit, CancellationToken cancel)
    {
        var query = _dialect.WaitFor(position, Math.Max(1, (int)limit.TotalSeconds));
        if (await ScalarAsync(replica, query, cancel) is not (0 or 0L))
        {
            throw new TimeoutException($"Server {replica.ServerId} did not reach {position} within {limit.TotalSeconds:0} s.");
        }
    }
}
