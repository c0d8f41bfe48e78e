using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using DbProxy.Core.Certificates;
using DbProxy.Core.Channels;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Backends;

/// <summary>Opens connections to servers: TCP, TLS, login, and session tracking switched on.</summary>
internal sealed class ServerConnector(ConfigStore config, CertificateStore certificates) : IServerConnector
{
    private const Capabilities Wished =
        Capabilities.LongPassword | Capabilities.LongFlag | Capabilities.Protocol41 | Capabilities.Transactions
        | Capabilities.SecureConnection | Capabilities.MultiResults | Capabilities.PsMultiResults | Capabilities.PluginAuth
        | Capabilities.ConnectAttributes | Capabilities.PluginAuthLenencData | Capabilities.SessionTrack;

    private const string TrackOnMariaDb =
        "SET SESSION session_track_system_variables='*', session_track_schema=1, session_track_state_change=1";

    private static readonly string TrackOnMySql =
        $"SET SESSION session_track_system_variables='{CarriedVariables.TrackList}', session_track_schema=1, "
        + "session_track_state_change=1, session_track_gtids=OWN_GTID";

    /// <inheritdoc/>
    public async ValueTask<LeaseResult> ConnectAsync(
        ConnectionPool pool, StoredCredential credential, SessionSettings settings, ConnectionAttributes attributes, bool handlesExpired)
    {
        // Off the thread that serves the sockets: name resolution, public keys and TLS would hold up other sessions.
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        ServerState server = pool.Backend.State;
        // The token first: a server that goes down behind the next line cancels it.
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(pool.Backend.Lost);
        if (server.Model.Health == ServerHealth.Down)
        {
            return new(null, LeaseFailure.CannotConnect, new(MySqlErrors.CannotConnect, $"Can't connect to server {server.Name} (it is down)"));
        }

        timeout.CancelAfter(config.Current.Pool.ConnectTimeout);
        long begun = Stopwatch.GetTimestamp();
        SocketChannel? socket = null;
        try
        {
            socket = new(await OpenSocketAsync(server, timeout.Token));
            using CancellationTokenRegistration abort = timeout.Token.Register(static s => ((ByteChannel)s!).Abort(), socket);
            await SendHeaderAsync(socket, server, pool.Variant.Client);
            LeaseResult result = await LoginAsync(pool, socket, credential, settings, attributes, handlesExpired, timeout.Token);
            if (result.Connection is { } connection)
            {
                connection.CreatedAt = begun;
            }
            else
            {
                socket.Dispose();
            }

            return result;
        }
        catch (Exception e) when (e is SocketException or IOException or OperationCanceledException or AuthenticationException or MalformedPacketException)
        {
            socket?.Dispose();
            Interlocked.Increment(ref pool.Backend.ConnectFailures);
            server.RequestProbe();
            string why = timeout.IsCancellationRequested ? "no answer in time" : e.Message;
            return new(null, LeaseFailure.CannotConnect, new(MySqlErrors.CannotConnect, $"Can't connect to server {server.Name} ({why})"));
        }
    }

    private static async Task<Socket> OpenSocketAsync(ServerState server, CancellationToken stopping)
    {
        Socket socket = server.UnixPath is null
            ? new(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true }
            : new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        try
        {
            await (server.UnixPath is { } path
                ? socket.ConnectAsync(new UnixDomainSocketEndPoint(path), stopping)
                : socket.ConnectAsync(server.Host, server.Port, stopping));
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Tells the server the client's address. Without a port: the connection will serve whoever comes from there.
    /// </summary>
    private static async ValueTask SendHeaderAsync(SocketChannel socket, ServerState server, IPAddress? client)
    {
        if (server.ProxyHeader != ProxyHeaderVersion.None)
        {
            byte[] header = ProxyHeaderWriter.Write(
                server.ProxyHeader, client is null ? null : new(client, 0), socket.RemoteEndPoint as IPEndPoint);
            await socket.SendAsync(header);
        }
    }

    private async ValueTask<LeaseResult> LoginAsync(
        ConnectionPool pool, SocketChannel socket, StoredCredential credential, SessionSettings settings,
        ConnectionAttributes attributes, bool handlesExpired, CancellationToken stopping)
    {
        ServerState server = pool.Backend.State;
        ServerTlsConfig tls = config.Current.ServerTls;
        byte collation = LoginCollation(pool.Account.Name, settings);
        var login = new ServerLogin(new()
        {
            User = Encoding.UTF8.GetBytes(pool.Account.Name),
            Password = credential.Password,
            Schema = Encoding.UTF8.GetBytes(settings.Schema),
            Capabilities = Wished | pool.Variant.Flags | (settings.Schema.Length > 0 ? Capabilities.ConnectWithDb : 0)
                | (handlesExpired ? Capabilities.HandleExpiredPasswords : 0),
            CollationId = collation,
            Attributes = attributes,
            IsSecureTransport = socket.IsLocal,
            Compression = config.Current.ServerCompression.Algorithm,
            ZstdLevel = config.Current.ServerCompression.ZstdLevel,
            AllowClearPassword = tls.AllowClearPassword,
            Tls = tls.Mode switch { ServerTlsMode.Disabled => TlsMode.Disabled, ServerTlsMode.Preferred => TlsMode.Preferred, _ => TlsMode.Required },
        });

        using var input = new PacketInput(socket) { Exact = true };
        using var reply = new PacketWriter();
        ByteChannel channel = socket;
        while (true)
        {
            if (await input.ReadAsync(-1) != InputResult.Packet)
            {
                throw new IOException("the server closed the connection during the login");
            }

            LoginStep step = login.Receive(input.Payload, input.Sequence, reply);
            if (step == LoginStep.UpgradeToTls)
            {
                await channel.SendAsync(reply.WrittenMemory);
                reply.Clear();
                channel = await TlsChannel.ConnectAsync(socket, certificates.TowardsServer(server.Host, server.Name), stopping);
                input.Channel = channel;
                step = login.TlsEstablished(reply);
            }

            switch (step)
            {
                case LoginStep.NeedMore:
                    if (!await channel.SendAsync(reply.WrittenMemory))
                    {
                        throw new IOException("the server closed the connection during the login");
                    }

                    reply.Clear();
                    break;
                case LoginStep.Completed when pool.Variant.MissingIn(login.Negotiated) is var missing and not Capabilities.None:
                    throw new IOException($"the server lacks {missing}, which the others have: all servers must be of one kind and version");
                case LoginStep.Completed:
                    return await PrepareAsync(pool, Compressed(channel, login.Negotiated), login, SessionSettings.Create(settings.Schema, collation));
                default:
                    return new(null, login.IsServerError ? LeaseFailure.Refused : LeaseFailure.CannotConnect, login.Error);
            }
        }
    }

    private ByteChannel Compressed(ByteChannel channel, Capabilities negotiated) => CompressionChoice.Of(negotiated) switch
    {
        CompressionAlgorithm.Zlib => new CompressedChannel(channel, CompressionAlgorithm.Zlib, CompressionChoice.ZlibLevel, towardsServer: true),
        CompressionAlgorithm.Zstd => new CompressedChannel(
            channel, CompressionAlgorithm.Zstd, config.Current.ServerCompression.ZstdLevel, towardsServer: true),
        _ => channel,
    };

    // A login names a collation by one byte; any other is set before the first statement. The server reads the names in
    // that character set, and here they are UTF-8.
    private static byte LoginCollation(string user, SessionSettings settings) =>
        settings.CollationId is > 0 and < 256 && Ascii.IsValid(user) && Ascii.IsValid(settings.Schema)
            ? (byte)settings.CollationId
            : ServerLoginOptions.DefaultCollationId;

    private static async ValueTask<LeaseResult> PrepareAsync(
        ConnectionPool pool, ByteChannel channel, ServerLogin login, SessionSettings settings)
    {
        var connection = new ServerConnection(
            pool, channel, login.Negotiated, login.Greeting!.ConnectionId, LoginModes.Of(settings, pool.Variant, pool.Backend.State.Model.Flavor));
        pool.Backend.Add(connection);
        if (!await TrackAsync(connection, reset: false))
        {
            connection.Dispose();
            throw new IOException("the server closed the connection after the login");
        }

        return connection;
    }

    /// <summary>
    /// Cleans a connection that held a session's own state, so that any session may have it. Its character set is then
    /// unknown (the server's default), which the next session's settings put right.
    /// </summary>
    public static async ValueTask<bool> ResetAsync(ServerConnection connection)
    {
        if (connection.Backend.State.Model.Collations.Count == 0 || !await TrackAsync(connection, reset: true))
        {
            return false;
        }

        connection.Statements.Clear();
        connection.InsertIdSession = 0;
        connection.UnprovenInsertId = connection.ReportedInsertId = 0;
        connection.Settings = LoginModes.BehindReset(
            SessionSettings.Create(connection.Settings.Schema, SessionSettings.ServerDefault), connection.Pool.Variant, connection.Backend.State.Model.Flavor);
        return true;
    }

    /// <summary>
    /// Looks whether the password was changed on a connection that allowed nothing else, and makes it an ordinary one then.
    /// </summary>
    public static async ValueTask LeaveSandboxAsync(ServerConnection connection)
    {
        ErrPacket? before = connection.Sandbox;
        connection.Sandbox = null;
        if (!await TrackAsync(connection, reset: false))
        {
            // Whatever is wrong with it: the statement that comes next finds out.
            connection.Sandbox = before;
        }
        else if (connection.Sandbox is null)
        {
            connection.Settings = connection.LoginSettings;
        }
    }

    /// <summary>
    /// Switches session tracking on, behind a reset where asked, in one write. A server whose account has an expired
    /// password refuses it (MariaDB only the statement behind it).
    /// </summary>
    private static async ValueTask<bool> TrackAsync(ServerConnection connection, bool reset)
    {
        if (!connection.TracksSession && !reset)
        {
            return true;
        }

        using var commands = new PacketWriter();
        if (reset)
        {
            commands.Begin(0);
            commands.WriteByte((byte)CommandKind.ResetConnection);
            commands.End();
        }

        bool mariaDb = connection.Backend.State.Model.Flavor == ServerFlavor.MariaDb;
        SettingsWriter.WriteQuery(commands, mariaDb ? TrackOnMariaDb : TrackOnMySql, connection.HasQueryAttributes);
        bool asks = mariaDb && !reset;
        if (asks)
        {
            SettingsWriter.WriteQuery(commands, "DO 0", connection.HasQueryAttributes);
        }

        if (!await connection.Channel.SendAsync(commands.WrittenMemory))
        {
            return false;
        }

        using var input = new PacketInput(connection.Channel);
        for (int answers = 1 + (reset ? 1 : 0) + (asks ? 1 : 0); answers > 0; answers--)
        {
            if (await input.ReadAsync(1) != InputResult.Packet || !Understood(connection, input.Payload))
            {
                return false;
            }
        }

        return true;
    }

    private static bool Understood(ServerConnection connection, ReadOnlySpan<byte> answer)
    {
        if (answer[0] == OkPacket.Header)
        {
            return true;
        }

        if (!ErrPacket.Is(answer) || ErrPacket.Parse(answer) is not { } error || error.Code != MySqlErrors.MustChangePassword.Code)
        {
            return false;
        }

        connection.Sandbox = error;
        return true;
    }
}
