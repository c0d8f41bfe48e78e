using System.Collections.Frozen;
using System.Globalization;
using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>Reads what a server says of itself; three small statements at each connect.</summary>
internal static class IdentityReader
{
    /// <summary>Reads the identity, and whether the performance schema is there to read.</summary>
    internal static async Task<(ServerIdentity Identity, bool PerformanceSchema)> ReadAsync(
        MySqlConnection connection, TimeProvider time)
    {
        var (identity, performanceSchema) = await ReadCommonAsync(connection, time);
        if (identity.Flavor == ServerFlavor.MySql)
            identity = await AddMySqlAsync(connection, identity);
        var collations = await ReadCollationsAsync(connection, identity);
        return (identity with { Collations = collations }, performanceSchema);
    }

    private static async Task<(ServerIdentity, bool)> ReadCommonAsync(MySqlConnection connection, TimeProvider time)
    {
        await using var command = new MySqlCommand(ProbeStatements.Identity, connection);
        await using var reader = await command.ExecuteReaderAsync().Hop();
        await reader.ReadAsync().Hop();
        var row = new ProbeRow(reader);
        var version = row.Text("version");
        var mariaDb = version.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
        var performanceSchema = row.IsOn("performance_schema");
        var identity = new ServerIdentity
        {
            Flavor = mariaDb ? ServerFlavor.MariaDb : ServerFlavor.MySql,
            Version = version,
            VersionNumber = ParseVersion(version),
            ServerId = (uint)(row.Number("server_id") ?? 0),
            MaxAllowedPacket = (long)(row.Number("max_allowed_packet") ?? 0),
            WaitTimeout = TimeSpan.FromSeconds(row.Number("wait_timeout") ?? 28_800),
            InteractiveTimeout = TimeSpan.FromSeconds(row.Number("interactive_timeout") ?? 28_800),
            LowerCaseTableNames = (int)(row.Number("lower_case_table_names") ?? 0),
            AppliesInOrder = mariaDb,
            HasGtids = mariaDb && row.IsOn("log_bin"),
        };
        await reader.NextResultAsync().Hop();
        await reader.ReadAsync().Hop();
        var uptime = TimeSpan.FromSeconds(new ProbeRow(reader).Number("Value") ?? 0);
        return (identity with { StartTime = time.GetUtcNow() - uptime }, performanceSchema);
    }

    private static async Task<ServerIdentity> AddMySqlAsync(MySqlConnection connection, ServerIdentity identity)
    {
        await using var command = new MySqlCommand(ProbeStatements.MySqlIdentity(identity.VersionNumber), connection);
        await using var reader = await command.ExecuteReaderAsync().Hop();
        await reader.ReadAsync().Hop();
        var row = new ProbeRow(reader);
        return identity with
        {
            ServerUuid = Guid.TryParse(row.Text("server_uuid"), out var uuid) ? uuid : Guid.Empty,
            HasGtids = row.Text("gtid_mode") == "ON",
            AppliesInOrder = row.IsOn("in_order") || row.Number("workers") is <= 1,
        };
    }

    private static async Task<FrozenDictionary<int, CollationInfo>> ReadCollationsAsync(
        MySqlConnection connection, ServerIdentity identity)
    {
        var statement = ProbeStatements.Collations(identity.Flavor, identity.VersionNumber);
        await using var command = new MySqlCommand(statement, connection);
        await using var reader = await command.ExecuteReaderAsync().Hop();
        var collations = new Dictionary<int, CollationInfo>();
        while (await reader.ReadAsync().Hop())
        {
            if (!reader.IsDBNull(0) && !reader.IsDBNull(1))
            {
                var id = Convert.ToInt32(reader.GetValue(0), CultureInfo.InvariantCulture);
                collations[id] = new CollationInfo(reader.GetString(1), reader.GetString(2));
            }
        }
        return collations.ToFrozenDictionary();
    }

    /// <summary>The digits and dots at the start: "10.11.14-MariaDB-log" is 10.11.14.</summary>
    internal static Version ParseVersion(string version)
    {
        var end = version.AsSpan().IndexOfAnyExcept("0123456789.");
        var number = end < 0 ? version : version[..end];
        return Version.TryParse(number.TrimEnd('.'), out var parsed) ? parsed : new Version(0, 0, 0);
    }
}
