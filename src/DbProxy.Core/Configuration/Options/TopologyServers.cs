namespace DbProxy.Core.Configuration;

/// <summary>Which of the MySQL proxy's own servers a backend consists of.</summary>
public enum TopologyServers
{
    /// <summary>None: it names its servers itself.</summary>
    None,

    /// <summary>Whichever is the primary.</summary>
    Primary,

    /// <summary>The replicas within Routing.MaxLag.</summary>
    Replica,
}
