using System.Collections.Immutable;
using DbProxy.Core.Gtids;
using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>One connection of the monitor and what is remembered between two looks over it.</summary>
internal sealed class ProbeSession(ServerState server, MonitorSettings settings, TimeProvider time) : IAsyncDisposable
{
    // The driver wants one, though a Unix domain socket has none.
    private const uint DefaultPort = 3306;

    private readonly MySqlConnection _connection = Connection(server, settings);
    private ServerIdentity _identity = ServerIdentity.Unknown;
    private TimeSpan _identityRead;
    private StatusSource _source;
    private string _caveat = "";
    private string _gtidText = "";
    private GtidSet _gtids = GtidSet.Empty;

    /// <summary>Whether the connection is open and the server known.</summary>
    internal bool Identified => _identity.Flavor != ServerFlavor.Unknown;

    /// <summary>Whether a session that was made now would be made in the same way.</summary>
    internal bool Fits(MonitorSettings current) =>
        (settings.User, settings.Password, settings.SslMode, settings.Tls13Only) == (current.User, current.Password, current.SslMode, current.Tls13Only);

    private TimeSpan Now => time.GetElapsedTime(0);

    /// <summary>Looks once, connecting first where necessary.</summary>
    internal async Task<ProbeReading> ReadAsync(MonitorSettings current, CancellationToken stopping)
    {
        if (!Identified)
            await ConnectAsync(stopping);
        else if (Now - _identityRead > current.IdentityInterval)
            await IdentifyAsync();
        while (true)
        {
            try
            {
                return await ReadStatusAsync();
            }
            catch (MySqlException e) when (
                _source < StatusSource.VariablesOnly && ProbeErrors.Classify(e) == ProbeFailureKind.Error)
            {
                // The server lives and refuses this statement only: the next source tells less, but enough.
                _source++;
                _caveat = ProbeErrors.Caveat(e, _source, _identity.Flavor, current.User);
            }
        }
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        try
        {
            await _connection.DisposeAsync();
        }
        catch (Exception e) when (e is MySqlException or IOException or InvalidOperationException)
        {
            // It is broken, or in use by a look that was given up; then the driver's own timeout closes the socket.
        }
    }

    private async Task ConnectAsync(CancellationToken stopping)
    {
        await _connection.OpenAsync(stopping).Hop();
        await using (var setup = new MySqlCommand(ProbeStatements.Setup, _connection))
            await setup.ExecuteNonQueryAsync(CancellationToken.None).Hop();
        await IdentifyAsync();
    }

    private async Task IdentifyAsync()
    {
        var (identity, performanceSchema) = await IdentityReader.ReadAsync(_connection, time);
        _identity = identity;
        _identityRead = Now;
        // Privileges may have been granted meanwhile: begin with the best source again.
        _source = ProbeStatements.Best(identity.Flavor, identity.VersionNumber, performanceSchema);
        _caveat = "";
    }

    private async Task<ProbeReading> ReadStatusAsync()
    {
        var asked = Now;
        var statement = ProbeStatements.Regular(_identity.Flavor, _identity.VersionNumber, _source);
        await using var command = new MySqlCommand(statement, _connection);
        await using var reader = await command.ExecuteReaderAsync().Hop();
        await reader.ReadAsync().Hop();
        var variables = new ProbeRow(reader);
        var readOnly = variables.IsOn("read_only") || variables.IsOn("super_read_only");
        var (applied, written) = (variables.Text("applied"), variables.Text("written"));
        var channels = ImmutableArray<ChannelReading>.Empty;
        if (_source != StatusSource.VariablesOnly && await reader.NextResultAsync().Hop())
            channels = await ReadChannelsAsync(reader, Parse(applied));
        // A replica has applied what its source sent; only a server that follows nobody is judged by its own writes
        // too.
        var ownWritesCount = _identity.Flavor == ServerFlavor.MariaDb && channels.IsEmpty && !readOnly;
        return new ProbeReading
        {
            Identity = InGroup(channels) ? _identity with { AppliesInOrder = false } : _identity,
            ReadOnly = readOnly,
            Gtids = Parse(ownWritesCount ? written : applied),
            Channels = channels,
            ChannelsKnown = _source != StatusSource.VariablesOnly,
            Caveat = _caveat,
            Asked = asked,
            Answered = Now,
        };
    }

    private async Task<ImmutableArray<ChannelReading>> ReadChannelsAsync(MySqlDataReader reader, GtidSet applied)
    {
        var channels = ImmutableArray.CreateBuilder<ChannelReading>();
        while (await reader.ReadAsync().Hop())
        {
            var row = new ProbeRow(reader);
            channels.Add(_source == StatusSource.PerformanceSchema
                ? ChannelParser.FromPerformanceSchema(row)
                : ChannelParser.FromShow(row, _identity.Flavor, applied));
        }
        return channels.DrainToImmutable();
    }

    /// <summary>gtid_executed can be long: it is parsed only when it changed.</summary>
    private GtidSet Parse(string text)
    {
        if (text != _gtidText)
            (_gtids, _gtidText) = (GtidSet.Parse(text) ?? GtidSet.Empty, text);
        return _gtids;
    }

    private static bool InGroup(ImmutableArray<ChannelReading> channels) =>
        channels.Any(c => c is { Name: "group_replication_applier", ApplierRunning: true });

    private static MySqlConnection Connection(ServerState server, MonitorSettings settings)
    {
        var connection = new MySqlConnection(ConnectionString(server, settings));
        if (settings.Certificates is not { } certificates)
            return connection;
        connection.RemoteCertificateValidationCallback =
            (_, certificate, chain, errors) => certificates.AcceptServer(server.Name, certificate, chain, errors);
        if (certificates.ForServers is { } own)
            connection.ProvideClientCertificatesCallback = shown =>
            {
                shown.Add(own.Certificate);
                return default;
            };
        return connection;
    }

    private static string ConnectionString(ServerState server, MonitorSettings settings) =>
        new MySqlConnectionStringBuilder
        {
            Server = server.UnixPath ?? server.Host,
            Port = server.UnixPath is null ? (uint)server.Port : DefaultPort,
            ConnectionProtocol = server.UnixPath is null ? MySqlConnectionProtocol.Sockets : MySqlConnectionProtocol.UnixSocket,
            UserID = settings.User,
            Password = settings.Password,
            // The driver asks the callback in this mode only.
            SslMode = settings is { Certificates: not null, SslMode: > MySqlSslMode.Required } ? MySqlSslMode.Required : settings.SslMode,
            TlsVersion = settings.Tls13Only ? "TLS 1.3" : "",
            AllowPublicKeyRetrieval = true,
            Pooling = false,
            ConnectionTimeout = (uint)Math.Max(1, Math.Ceiling(settings.ConnectTimeout.TotalSeconds)),
            // The monitor itself gives up earlier; this closes the socket of a look that was given up, without the
            // polite
            // attempt to cancel it over another connection to a server that hangs.
            DefaultCommandTimeout = (uint)Math.Max(1, Math.Ceiling(settings.Timeout.TotalSeconds)) + 1,
            CancellationTimeout = -1,
            // A UUID column is empty while a replica's source is being changed.
            GuidFormat = MySqlGuidFormat.None,
            ApplicationName = "dbproxy-monitor",
        }.ConnectionString;
}
