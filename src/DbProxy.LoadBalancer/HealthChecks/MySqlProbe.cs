using DbProxy.LoadBalancer.Servers;
using MySqlConnector;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>
/// Good when the account can log in, by whatever plugin it has, and the server has the role asked for. HAProxy's
/// mysql-check can't log in to MySQL 9 and knows no roles.
/// </summary>
internal sealed class MySqlProbe(HealthCheckConfig config) : IHealthProbe
{
    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        var connection = new MySqlConnection(new MySqlConnectionStringBuilder
        {
            Server = server.Host,
            Port = (uint)(config.Port == 0 ? server.Port : config.Port),
            UserID = config.User,
            Password = config.Password,
            Pooling = false,
            SslMode = MySqlSslMode.Preferred,
            AllowPublicKeyRetrieval = true,
            ApplicationName = "DbProxy check",
        }.ConnectionString);
        await using (connection)
        {
            await connection.OpenAsync(timeout);
            return config.Role == MySqlRole.Any ? new(true, "logged in") : await RoleAsync(connection, timeout);
        }
    }

    private async Task<CheckResult> RoleAsync(MySqlConnection connection, CancellationToken timeout)
    {
        await using var command = new MySqlCommand("SELECT @@read_only", connection);
        var readOnly = Convert.ToInt64(await command.ExecuteScalarAsync(timeout), System.Globalization.CultureInfo.InvariantCulture) != 0;
        if (config.Role == MySqlRole.Primary)
            return new(!readOnly, readOnly ? "read-only" : "writable");
        return readOnly ? await LagAsync(connection, timeout) : new(false, "writable, hence no replica");
    }

    private async Task<CheckResult> LagAsync(MySqlConnection connection, CancellationToken timeout)
    {
        // MariaDB knows both words since 10.5, MySQL 8.4 and later only the newer one.
        await using var command = new MySqlCommand("SHOW REPLICA STATUS", connection);
        await using var reader = await command.ExecuteReaderAsync(timeout);
        if (!await reader.ReadAsync(timeout))
            return new(false, "read-only, but it replicates from nobody");
        for (var i = 0; i < reader.FieldCount; i++)
        {
            if (reader.GetName(i) is not ("Seconds_Behind_Source" or "Seconds_Behind_Master"))
                continue;
            if (await reader.IsDBNullAsync(i, timeout))
                return new(false, "replication is stopped");
            var lag = TimeSpan.FromSeconds(Convert.ToDouble(reader.GetValue(i), System.Globalization.CultureInfo.InvariantCulture));
            return new(lag <= config.MaxLag, $"replica, {lag.TotalSeconds:0} s behind");
        }
        return new(false, "the server doesn't tell how far it is behind");
    }
}
