using System.Security.Cryptography.X509Certificates;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Servers;
using MySqlConnector;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>
/// Good when the account can log in, by whatever plugin it has, and the server has the role asked for. HAProxy's
/// mysql-check can't log in to MySQL 9 and knows no roles.
/// </summary>
internal sealed class MySqlProbe(Backend backend, HealthCheckConfig config) : IHealthProbe
{
    private readonly WatchedFiles<X509Certificate2Collection>? _authorities = Authorities.Watch(config.CaFile);

    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        var dial = backend.Link.DialForCheck(server, config);
        await using var tunnel = dial is { Header: null, Tls: null } ? null : await CheckTunnel.OpenAsync(dial, timeout);
        string? mistrust = null;
        var connection = new MySqlConnection(ConnectionString(tunnel is null ? dial.Host : "127.0.0.1", tunnel?.Port ?? dial.Port));
        await using (connection)
        {
            if (config.TlsMode > MySqlSslMode.Required)
                connection.RemoteCertificateValidationCallback = (_, certificate, chain, _) => (mistrust = MistrustOf(server.Host, certificate, chain)) is null;
            try
            {
                await connection.OpenAsync(timeout).Hop();
            }
            catch (MySqlException) when (mistrust is not null)
            {
                return new(false, mistrust);
            }
            return config.Role == MySqlRole.Any ? new(true, "logged in") : await RoleAsync(connection, timeout);
        }
    }

    private string ConnectionString(string host, int port) => new MySqlConnectionStringBuilder
    {
        Server = host,
        Port = (uint)port,
        UserID = config.User,
        Password = config.Password,
        Pooling = false,
        // The driver asks the callback in this mode only.
        SslMode = config.TlsMode > MySqlSslMode.Required ? MySqlSslMode.Required : config.TlsMode,
        AllowPublicKeyRetrieval = true,
        ApplicationName = "DbProxy check",
    }.ConnectionString;

    private string? MistrustOf(string host, X509Certificate? certificate, X509Chain? chain)
    {
        // New authorities count at once; files that can't be used leave the former ones in place.
        _authorities?.Refresh(out _);
        return Mistrust.Of(certificate, chain, _authorities?.Current, config.TlsMode == MySqlSslMode.VerifyFull ? host : null);
    }

    private async Task<CheckResult> RoleAsync(MySqlConnection connection, CancellationToken timeout)
    {
        await using var command = new MySqlCommand("SELECT @@read_only", connection);
        var readOnly = Convert.ToInt64(await command.ExecuteScalarAsync(timeout).Hop(), System.Globalization.CultureInfo.InvariantCulture) != 0;
        if (config.Role == MySqlRole.Primary)
            return new(!readOnly, readOnly ? "read-only" : "writable");
        return readOnly ? await LagAsync(connection, timeout) : new(false, "writable, hence no replica");
    }

    private async Task<CheckResult> LagAsync(MySqlConnection connection, CancellationToken timeout)
    {
        // MariaDB knows both words since 10.5, MySQL 8.4 and later only the newer one.
        await using var command = new MySqlCommand("SHOW REPLICA STATUS", connection);
        await using var reader = await command.ExecuteReaderAsync(timeout).Hop();
        if (!await reader.ReadAsync(timeout).Hop())
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
