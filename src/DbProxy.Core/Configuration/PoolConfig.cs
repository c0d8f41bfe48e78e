namespace DbProxy.Core.Configuration;

/// <summary>The connections to the servers; see <see cref="PoolOptions"/>.</summary>
public sealed record PoolConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public PoolConfig(PoolOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MaxConnections = options.MaxConnections;
        MaxIdle = options.MaxIdle;
        IdleTimeout = options.IdleTimeout;
        MaxAge = options.MaxAge;
        ConnectTimeout = options.ConnectTimeout;
        AcquireTimeout = options.AcquireTimeout;
        PreparedStatements = options.PreparedStatements;
        HoldTimeout = options.HoldTimeout;
    }

    /// <inheritdoc cref="PoolOptions.MaxConnections"/>
    public int MaxConnections { get; init; }

    /// <inheritdoc cref="PoolOptions.MaxIdle"/>
    public int MaxIdle { get; init; }

    /// <inheritdoc cref="PoolOptions.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; init; }

    /// <inheritdoc cref="PoolOptions.MaxAge"/>
    public TimeSpan MaxAge { get; init; }

    /// <inheritdoc cref="PoolOptions.ConnectTimeout"/>
    public TimeSpan ConnectTimeout { get; init; }

    /// <inheritdoc cref="PoolOptions.AcquireTimeout"/>
    public TimeSpan AcquireTimeout { get; init; }

    /// <inheritdoc cref="PoolOptions.PreparedStatements"/>
    public int PreparedStatements { get; init; }

    /// <inheritdoc cref="PoolOptions.HoldTimeout"/>
    public TimeSpan HoldTimeout { get; init; }
}
