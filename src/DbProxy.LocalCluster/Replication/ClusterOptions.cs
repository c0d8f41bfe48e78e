namespace DbProxy.LocalCluster;

/// <summary>How a cluster is made.</summary>
public sealed record ClusterOptions
{
    /// <summary>Replicas beside the primary; 0 or more, default 2.</summary>
    public int Replicas { get; init; } = 2;

    /// <summary>
    /// The parent of the cluster's own folder (about 150 MB a server for MySQL, 60 for MariaDB). Default: the system's
    /// temporary folder. The cluster's folder is deleted at the end.
    /// </summary>
    public string Folder { get; init; } = Path.GetTempPath();

    /// <summary>Memory for InnoDB's pages in each server, in MiB; default 64.</summary>
    public int BufferPoolMegabytes { get; init; } = 64;

    /// <summary>The time for one server to answer after its start; default 60 s, for slow and busy machines.</summary>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Options for every server, after the cluster's own: they win. Default none.</summary>
    public IReadOnlyList<string> ExtraArguments { get; init; } = [];

    /// <summary>Where the server programs may come from.</summary>
    public LocalClusterOptions Binaries { get; init; } = new();
}
