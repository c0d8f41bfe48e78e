namespace DbProxy.Core.Configuration;

/// <summary>Which server a statement goes to.</summary>
public sealed class RoutingOptions
{
    /// <summary>A replica that lags more than this gets no reads. The primary is never measured.</summary>
    /// <remarks>With CausalReads None this is how old a read may be.</remarks>
    [Allowed("10ms", "30d")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The part of MaxLag that a replica's lag must fall below before it gets reads again.</summary>
    /// <remarks>At 1 a replica whose lag moves around MaxLag comes and goes with each check.</remarks>
    [Allowed("0.01", "1")]
    public double LagRecover { get; set; } = 0.5;

    /// <summary>How reads spread over the replicas.</summary>
    public BalanceMethod Balance { get; set; } = BalanceMethod.RoundRobin;

    /// <summary>What a read does when no replica may serve it.</summary>
    /// <remarks>Primary can bring the readers' whole load to the primary; Fail shows them an error instead.</remarks>
    public WithoutReplicaAction WithoutReplica { get; set; } = WithoutReplicaAction.Primary;

    /// <summary>Which writes a read on a replica is sure to see.</summary>
    /// <remarks>None lets an application read stale rows right after its own write.</remarks>
    public CausalReadsMode CausalReads { get; set; } = CausalReadsMode.Session;

    /// <summary>How long a read waits on a replica for the writes that it must see, before it goes to the primary.</summary>
    [Allowed("0s", "10s")]
    public TimeSpan CausalWait { get; set; } = TimeSpan.FromMilliseconds(20);

    /// <summary>How long a statement for the primary waits while there is none, before it fails.</summary>
    /// <remarks>It bridges a failover; while it lasts the waiting clients hold sessions.</remarks>
    [Allowed("0s", "5m")]
    public TimeSpan PrimaryWait { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>On how many other servers a read is tried when its server is lost before the first byte of the answer.</summary>
    [Allowed("0", "10")]
    public int ReadRetries { get; set; } = 2;
}
