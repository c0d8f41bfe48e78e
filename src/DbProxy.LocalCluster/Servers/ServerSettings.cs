namespace DbProxy.LocalCluster.Servers;

/// <summary>What makes one server of a cluster: everything but its running process.</summary>
internal sealed record ServerSettings
{
    public required ServerInstallation Installation { get; init; }

    public required string ClusterFolder { get; init; }

    public required uint ServerId { get; init; }

    public required int Port { get; init; }

    public required string SocketPath { get; init; }

    public required bool ReadOnly { get; init; }

    public required string RootPassword { get; init; }

    public required TimeSpan StartTimeout { get; init; }

    public required int BufferPoolMegabytes { get; init; }

    public required IReadOnlyList<string> ExtraArguments { get; init; }

    /// <summary>Of this server alone: data, log, init file.</summary>
    public string Folder => Path.Combine(ClusterFolder, $"{ServerId}");

    public string DataFolder => Path.Combine(Folder, "data");

    public string LogPath => Path.Combine(Folder, "error.log");

    /// <summary>MySQL makes its certificates while it initialises; for MariaDB the cluster makes them.</summary>
    public string CertificateAuthorityPath => Installation.Flavor == ServerFlavor.MySql
        ? Path.Combine(DataFolder, "ca.pem")
        : Path.Combine(ClusterFolder, ServerCertificate.CertificateName);

    public ProgramCommand Command(bool readOnly, string? initFile, string? container)
    {
        IEnumerable<string> arguments = [
            .. Installation.LocationArguments(),
            .. ServerArguments.For(this),
            .. readOnly ? [Installation.Flavor == ServerFlavor.MySql ? "--super-read-only=ON" : "--read-only=ON"] : (string[])[],
            .. initFile is null ? [] : (string[])[$"--init-file={initFile}"],
            .. ExtraArguments,
        ];
        return container is null
            ? Installation.Run(Installation.ServerPath, arguments)
            : ContainerCommand.For(Installation, ClusterFolder, container, arguments);
    }
}
