namespace DbProxy.Core.Monitoring;

/// <summary>One replication channel (MariaDB: connection) as a probe found it.</summary>
internal sealed record ChannelReading
{
    /// <summary>The channel's name; the default channel's is empty.</summary>
    internal string Name { get; init; } = "";

    /// <summary>MySQL: the source's UUID; empty for MariaDB or as long as the channel never connected.</summary>
    internal Guid SourceUuid { get; init; }

    /// <summary>MariaDB: the source's <c>server_id</c>; 0 for MySQL.</summary>
    internal uint SourceServerId { get; init; }

    /// <summary>The source as host:port, for messages.</summary>
    internal string Source { get; init; } = "";

    /// <summary>The receiver (IO thread) is connected to its source.</summary>
    internal bool ReceiverConnected { get; init; }

    /// <summary>The receiver runs, if only to try again.</summary>
    internal bool ReceiverRunning { get; init; }

    /// <summary>The applier (SQL thread, coordinator and workers) runs.</summary>
    internal bool ApplierRunning { get; init; }

    /// <summary>
    /// How far the applier is behind what was received, in milliseconds, by the replica's own reckoning; 0 when it has
    /// applied all of it; null when it can't say.
    /// </summary>
    internal double? LagMilliseconds { get; init; }

    /// <summary>The last error of the applier, or else of the receiver; empty when there is none.</summary>
    internal string Error { get; init; } = "";
}
