using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>How the servers are watched. Immutable; the monitor takes the current one before each probe.</summary>
public sealed record MonitorSettings
{
    /// <summary>
    /// The user that watches. MySQL: <c>GRANT REPLICATION CLIENT ON *.*</c> and <c>GRANT SELECT ON
    /// performance_schema.*</c>; MariaDB: <c>GRANT SLAVE MONITOR, BINLOG MONITOR ON *.*</c>.
    /// </summary>
    public string User { get; init; } = "monitor";

    /// <summary>That user's password.</summary>
    public string Password { get; init; } = "";

    /// <summary>TLS towards the servers; by default where the server offers it, without checking its
    /// certificate.</summary>
    public MySqlSslMode SslMode { get; init; } = MySqlSslMode.Preferred;

    /// <summary>Whether TLS before 1.3 is refused. Default no.</summary>
    public bool Tls13Only { get; init; }

    /// <summary>What is shown to servers and expected of them; null: nothing is shown, and the system's authorities count.</summary>
    internal Certificates.CertificateStore? Certificates { get; init; }

    /// <summary>From one probe of a server to the next. Default 250 ms. Also the precision of the measured lag: shorter
    /// costs the servers a few small statements more.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The limit for connecting and logging in, in whole seconds as the driver takes it. Default 1
    /// s.</summary>
    public TimeSpan ConnectTimeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>The limit for a probe on an open connection. Default 1 s: a server that hangs is down after
    /// <see cref="Fall"/> times this.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>Failed probes in a row that take a server down. Default 2; a refused connection needs only
    /// one.</summary>
    public int Fall { get; init; } = 2;

    /// <summary>Successful probes in a row that bring a server back. Default 2; the very first one needs only
    /// one.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>Successful probes in a row in which a server other than the known primary must be writable to become
    /// the primary. Default 2, so that a tool that opens a server for a moment moves no traffic.</summary>
    public int PromotionProbes { get; init; } = 2;

    /// <summary>A replica further behind than this takes no reads. Default 10 s;
    /// <see cref="System.Threading.Timeout.InfiniteTimeSpan"/>: no limit.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(10);

    /// <summary>A replica that left because of its lag comes back below this part of <see cref="MaxLag"/>. Default
    /// 0.8.</summary>
    public double LagRecoverFraction { get; init; } = 0.8;

    /// <summary>How long the last known state counts while the monitor itself is not let in (wrong password, too many
    /// connections). Default 60 s; replicas leave the rotation earlier, when <see cref="MaxLag"/> has passed
    /// unseen.</summary>
    public TimeSpan StateExpiry { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>How often version, limits and collations are read again on an open connection. Default 60 s.</summary>
    public TimeSpan IdentityInterval { get; init; } = TimeSpan.FromSeconds(60);

    /// <summary>Whether a lag is within the limit for a replica that is in rotation, or on its way back.</summary>
    internal bool Allows(double lagMilliseconds, bool laggedOut)
    {
        if (MaxLag == System.Threading.Timeout.InfiniteTimeSpan)
            return true;
        return laggedOut
            ? lagMilliseconds < MaxLag.TotalMilliseconds * LagRecoverFraction
            : lagMilliseconds <= MaxLag.TotalMilliseconds;
    }
}
