using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;

namespace DbProxy.Tests.Monitoring;

/// <summary>Builders for what probes read.</summary>
internal static class Readings
{
    internal static readonly MonitorSettings Settings = new();

    internal static Guid Uuid(int server) => new($"00000000-0000-0000-0000-{server:d12}");

    internal static ProbeReading Writable(int server, double at = 0, string gtids = "") => new()
    {
        Identity = Identity(server),
        Gtids = GtidSet.Parse(gtids)!,
        Asked = TimeSpan.FromSeconds(at),
        Answered = TimeSpan.FromSeconds(at),
    };

    internal static ProbeReading ReplicaOf(int source, int server, double at = 0, double? lag = 0, string gtids = "") =>
        Writable(server, at, gtids) with { ReadOnly = true, Channels = [Channel(source, lag)] };

    internal static ChannelReading Channel(int source, double? lag = 0) => new()
    {
        Source = $"db{source}:3306",
        SourceUuid = Uuid(source),
        ReceiverConnected = true,
        ReceiverRunning = true,
        ApplierRunning = true,
        LagMilliseconds = lag,
    };

    internal static ServerIdentity Identity(int server) => new()
    {
        Flavor = ServerFlavor.MySql,
        Version = "9.7.4",
        ServerId = (uint)server,
        ServerUuid = Uuid(server),
        HasGtids = true,
        AppliesInOrder = true,
        StartTime = DateTimeOffset.UnixEpoch,
    };

    internal static ProbeFailure Failure(ProbeFailureKind kind) => new(kind, kind.ToString());
}
