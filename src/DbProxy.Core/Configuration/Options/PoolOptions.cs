namespace DbProxy.Core.Configuration;

/// <summary>The connections to the servers, one pool for each user and server.</summary>
public sealed class PoolOptions
{
    /// <summary>The most connections of one user to one server; statements beyond it wait for AcquireTimeout.</summary>
    /// <remarks>Its sum over users and proxies must stay below the server's max_connections.</remarks>
    [Allowed("1", "100000")]
    public int MaxConnections { get; set; } = 200;

    /// <summary>The most connections of one user to one server that are kept while nobody uses them.</summary>
    [Allowed("0", "100000")]
    public int MaxIdle { get; set; } = 100;

    /// <summary>After this time without use a connection is closed.</summary>
    /// <remarks>Keep it below the servers' wait_timeout and what firewalls allow.</remarks>
    [Allowed("100ms", "1d")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>After this time a connection is closed as soon as it is free, so that no session state or memory piles up.</summary>
    [Allowed("1s", "30d")]
    public TimeSpan MaxAge { get; set; } = TimeSpan.FromHours(1);

    /// <summary>How long connecting and logging in to a server may take.</summary>
    [Allowed("10ms", "5m")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>How long a statement waits for a free connection before it fails.</summary>
    [Allowed("0s", "5m")]
    public TimeSpan AcquireTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many prepared statements a connection keeps on its server; the least used one is closed first.</summary>
    /// <remarks>Times all connections of all proxies it must stay below the server's max_prepared_stmt_count.</remarks>
    [Allowed("1", "10000")]
    public int PreparedStatements { get; set; } = 256;

    /// <summary>
    /// How long a silent session keeps the connection whose LAST_INSERT_ID(), FOUND_ROWS() or SHOW WARNINGS its next
    /// statement may ask for, before others may use it.
    /// </summary>
    [Allowed("0s", "1m")]
    public TimeSpan HoldTimeout { get; set; } = TimeSpan.FromSeconds(1);
}
