namespace DbProxy.Core.Monitoring;

/// <summary>What a server is for, as the monitor sees it.</summary>
public enum ServerRole : byte
{
    /// <summary>Not known, or neither: a read-only server without replication, or the loser of two writable
    /// ones.</summary>
    Unknown,

    /// <summary>The one server that takes writes.</summary>
    Primary,

    /// <summary>A server that follows another one.</summary>
    Replica,
}
