using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>Where tests read a server's process list.</summary>
internal static class ProcessList
{
    /// <summary>
    /// A table with the columns id, user, host, db, command, state and info. MySQL's INFORMATION_SCHEMA will not do: its texts are
    /// utf8mb3, and each query of it fails where any session happens to run a statement with a character outside of that.
    /// </summary>
    public static string Of(Flavor flavor) => flavor == Flavor.MySql ? "performance_schema.processlist" : "information_schema.processlist";
}
