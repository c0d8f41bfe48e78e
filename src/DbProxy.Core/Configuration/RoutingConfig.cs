namespace DbProxy.Core.Configuration;

/// <summary>Which server a statement goes to; see <see cref="RoutingOptions"/>.</summary>
public sealed record RoutingConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public RoutingConfig(RoutingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MaxLag = options.MaxLag;
        LagRecover = options.MaxLag * options.LagRecover;
        Balance = options.Balance;
        WithoutReplica = options.WithoutReplica;
        CausalReads = options.CausalReads;
        CausalWait = options.CausalWait;
        PrimaryWait = options.PrimaryWait;
        ReadRetries = options.ReadRetries;
    }

    /// <inheritdoc cref="RoutingOptions.MaxLag"/>
    public TimeSpan MaxLag { get; init; }

    /// <summary>The lag below which a replica that was past <see cref="MaxLag"/> gets reads again.</summary>
    public TimeSpan LagRecover { get; init; }

    /// <inheritdoc cref="RoutingOptions.Balance"/>
    public BalanceMethod Balance { get; init; }

    /// <inheritdoc cref="RoutingOptions.WithoutReplica"/>
    public WithoutReplicaAction WithoutReplica { get; init; }

    /// <inheritdoc cref="RoutingOptions.CausalReads"/>
    public CausalReadsMode CausalReads { get; init; }

    /// <inheritdoc cref="RoutingOptions.CausalWait"/>
    public TimeSpan CausalWait { get; init; }

    /// <inheritdoc cref="RoutingOptions.PrimaryWait"/>
    public TimeSpan PrimaryWait { get; init; }

    /// <inheritdoc cref="RoutingOptions.ReadRetries"/>
    public int ReadRetries { get; init; }
}
