namespace DbProxy.Core.Monitoring;

/// <summary>Whether a server answers.</summary>
public enum ServerHealth : byte
{
    /// <summary>Not probed yet, or the monitor could not look for longer than its last observation counts.</summary>
    Unknown,

    /// <summary>It answers its probes.</summary>
    Up,

    /// <summary>It refuses connections, hangs, or fails its probes.</summary>
    Down,
}
