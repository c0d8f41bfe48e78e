using DbProxy.Core.Monitoring;
using DbProxy.Protocol;

namespace DbProxy.Core.Handshake;

/// <summary>
/// The capabilities that clients are offered. Each of these is honoured; what the proxy does not do, or not every server
/// can do, is not announced.
/// </summary>
/// <remarks>
/// Never announced: MariaDB's cached metadata. A server leaves columns out that it has sent for a statement before, but
/// a statement here may have been prepared for another session, or again on another server behind a changed table.
/// </remarks>
internal static class AnnouncedCapabilities
{
    private const Capabilities Everywhere =
        Capabilities.LongPassword | Capabilities.FoundRows | Capabilities.LongFlag | Capabilities.ConnectWithDb | Capabilities.NoSchema
        | Capabilities.Odbc | Capabilities.LocalFiles | Capabilities.IgnoreSpace | Capabilities.Protocol41 | Capabilities.Interactive
        | Capabilities.IgnoreSigpipe | Capabilities.Transactions | Capabilities.SecureConnection | Capabilities.MultiStatements
        | Capabilities.MultiResults | Capabilities.PsMultiResults | Capabilities.PluginAuth | Capabilities.ConnectAttributes
        | Capabilities.PluginAuthLenencData | Capabilities.HandleExpiredPasswords | Capabilities.SessionTrack | Capabilities.DeprecateEof;

    private const Capabilities MySql = Capabilities.QueryAttributes | Capabilities.OptionalResultsetMetadata;

    private const Capabilities MariaDb =
        Capabilities.MariaDbStmtBulkOperations | Capabilities.MariaDbExtendedMetadata | Capabilities.MariaDbProgress;

    // The first releases that can do all of it.
    private static readonly Version MySqlSince = new(8, 0, 25);
    private static readonly Version MariaDbSince = new(10, 6);

    /// <summary>What to announce in front of these servers; a server never probed counts as one that can do little.</summary>
    /// <param name="topology">The servers.</param>
    /// <param name="localFiles">Whether LOAD DATA LOCAL is allowed.</param>
    public static Capabilities For(Topology topology, bool localFiles)
    {
        Capabilities announced = localFiles ? Everywhere : Everywhere & ~Capabilities.LocalFiles;
        if (All(topology, ServerFlavor.MySql, MySqlSince))
        {
            return announced | MySql;
        }

        // MariaDB's half is read only where this bit, its CLIENT_MYSQL, is clear.
        return All(topology, ServerFlavor.MariaDb, MariaDbSince) ? (announced & ~Capabilities.LongPassword) | MariaDb : announced;
    }

    private static bool All(Topology topology, ServerFlavor flavor, Version since)
    {
        bool any = false;
        foreach (ServerState server in topology.Servers)
        {
            ServerIdentity identity = server.Model.Identity;
            if (ReferenceEquals(identity, ServerIdentity.Unknown))
            {
                // Down since the proxy started. What it turns out to be is checked when it is connected to.
                continue;
            }

            if (identity.Flavor != flavor || identity.VersionNumber < since)
            {
                return false;
            }

            any = true;
        }

        return any;
    }
}
