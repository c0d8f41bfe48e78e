using DbProxy.Core.Monitoring;

namespace DbProxy.Core.Routing;

/// <summary>
/// The servers that failed a statement so far, by index. Those past the 64th are not told apart: a statement may meet
/// one of them twice, which costs it one of its retries.
/// </summary>
internal readonly record struct AvoidedServers(ulong Mask)
{
    public bool IsEmpty => Mask == 0;

    public bool Contains(ServerState server) => (Mask & Bit(server)) != 0;

    public AvoidedServers With(ServerState? server) => server is null ? this : new(Mask | Bit(server));

    public static implicit operator AvoidedServers(ServerState? server) => default(AvoidedServers).With(server);

    private static ulong Bit(ServerState server) => server.Index < 64 ? 1UL << server.Index : 0;
}
