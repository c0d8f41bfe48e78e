using System.Collections.Frozen;

namespace DbProxy.Core.Monitoring;

/// <summary>What a server says of itself at login and rarely changes; read at each connect and once a minute.</summary>
public sealed record ServerIdentity
{
    /// <summary>The identity of a server that never answered.</summary>
    public static readonly ServerIdentity Unknown = new();

    /// <summary>The family of servers.</summary>
    public ServerFlavor Flavor { get; init; }

    /// <summary>The version string as the server announces it, such as <c>10.11.14-MariaDB-0+deb12u2-log</c>.</summary>
    public string Version { get; init; } = "";

    /// <summary>The version as a number: 10.11.14, or 0.0.0.</summary>
    public Version VersionNumber { get; init; } = new(0, 0, 0);

    /// <summary><c>server_id</c>.</summary>
    public uint ServerId { get; init; }

    /// <summary>MySQL's <c>server_uuid</c>; empty for MariaDB.</summary>
    public Guid ServerUuid { get; init; }

    /// <summary>When the server started, by the proxy's clock; precise to a second or two.</summary>
    public DateTimeOffset StartTime { get; init; }

    /// <summary>The server's collations by their number on the wire.</summary>
    public FrozenDictionary<int, CollationInfo> Collations { get; init; } = FrozenDictionary<int, CollationInfo>.Empty;

    /// <summary><c>max_allowed_packet</c> in bytes.</summary>
    public long MaxAllowedPacket { get; init; } = 64 << 20;

    /// <summary><c>wait_timeout</c>: how long a session may be idle.</summary>
    public TimeSpan WaitTimeout { get; init; } = TimeSpan.FromHours(8);

    /// <summary><c>interactive_timeout</c>: the same for a client that calls itself interactive.</summary>
    public TimeSpan InteractiveTimeout { get; init; } = TimeSpan.FromHours(8);

    /// <summary>Whether it says why before it closes an idle session (error 4031, since MySQL 8.0.24).</summary>
    public bool ExplainsTimeouts => Flavor == ServerFlavor.MySql && VersionNumber >= new Version(8, 0, 24);

    /// <summary><c>lower_case_table_names</c>: 0, 1 or 2.</summary>
    public int LowerCaseTableNames { get; init; }

    /// <summary>
    /// Whether a replica with this configuration commits in its source's order, so that having applied one transaction
    /// means having applied all before it: MariaDB always does within a domain; MySQL with
    /// <c>replica_preserve_commit_order</c> (on by default since 8.0.27) or a single worker, outside Group Replication,
    /// whose members number from separate blocks.
    /// </summary>
    public bool AppliesInOrder { get; init; }

    /// <summary>MySQL: whether every transaction has a GTID (<c>gtid_mode=ON</c>). MariaDB: whether it writes a binary
    /// log.</summary>
    public bool HasGtids { get; init; }
}
