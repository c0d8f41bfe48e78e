using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Auth.Exchanges;
using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Login;

/// <summary>The proxy logs in to a MySQL or MariaDB server: a state machine without sockets.</summary>
/// <remarks>
/// Legs: greeting → (SSLRequest, TLS) → handshake response → any number of authentication switches and plugin data →
/// OK or ERR. Some plugins burn up to a few milliseconds of CPU in <see cref="Receive"/>: not for an I/O thread.
/// Not safe for concurrent use; one instance serves one login.
/// </remarks>
public sealed class ServerLogin
{
    private const Capabilities Needed = Capabilities.Protocol41 | Capabilities.SecureConnection;

    // What the machine adds to the caller's wishes whenever the server can do it. Several factors are announced only so
    // that the server asks for the next one, which is then refused by name; it would else claim a wrong password.
    private const Capabilities Added = Needed | Capabilities.LongPassword | Capabilities.LongFlag
        | Capabilities.Transactions | Capabilities.PluginAuth | Capabilities.PluginAuthLenencData | Capabilities.MultiFactorAuth;

    // What follows from the options' other fields, or is never negotiated.
    private const Capabilities Derived = Capabilities.Ssl | Capabilities.ConnectWithDb | Capabilities.ConnectAttributes
        | Capabilities.Compress | Capabilities.ZstdCompression
        | Capabilities.SslVerifyServerCert | Capabilities.CapabilityExtension;

    // No login needs more than a handful; a server that never ends it would hold the caller for ever.
    private const int MaxRounds = 20;

    private readonly ServerLoginOptions _options;
    private State _state = State.Greeting;
    private ClientExchange? _exchange;
    private byte _nextSequence;
    private int _rounds;

    /// <summary>Starts a login; the first packet to <see cref="Receive"/> is the server's greeting.</summary>
    public ServerLogin(ServerLoginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
    }

    private enum State { Greeting, Tls, Authentication, Ended }

    /// <summary>The server's greeting, once it came.</summary>
    public HandshakeV10? Greeting { get; private set; }

    /// <summary>What both sides can do; complete once the handshake response was written.</summary>
    public Capabilities Negotiated { get; private set; }

    /// <summary>Status flags of the server's OK.</summary>
    public ServerStatus Status { get; private set; }

    /// <summary>Why the login failed: the server's own error, or one made here (see <see cref="IsServerError"/>).</summary>
    public ErrPacket? Error { get; private set; }

    /// <summary>Did the server send <see cref="Error"/>? Otherwise it is this side's reason.</summary>
    public bool IsServerError { get; private set; }

    /// <summary>Did the login go through TLS?</summary>
    public bool IsTls { get; private set; }

    /// <summary>The plugin that the server used last.</summary>
    public string AuthPlugin { get; private set; } = "";

    /// <summary>Takes the server's next packet.</summary>
    /// <param name="payload">The packet without header.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="reply">Takes what is to be sent; empty where the server speaks again first.</param>
    /// <returns>NeedMore, UpgradeToTls, Completed or Failed. Malformed packets end in Failed, not in an exception.</returns>
    /// <exception cref="InvalidOperationException">The login has ended, or TLS is to be established first.</exception>
    public LoginStep Receive(ReadOnlySpan<byte> payload, byte sequence, PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        _nextSequence = (byte)(sequence + 1);
        try
        {
            return _state switch
            {
                State.Greeting => OnGreeting(payload, reply),
                State.Authentication => OnAuthentication(payload, reply),
                _ => throw new InvalidOperationException($"No packet is expected in state {_state}."),
            };
        }
        catch (MalformedPacketException e)
        {
            return Fail(MySqlErrors.BadHandshake, $"The server sent a malformed packet during login. {e.Message}");
        }
    }

    /// <summary>Goes on after TLS was established: writes the handshake response.</summary>
    /// <returns>NeedMore, or Failed.</returns>
    /// <exception cref="InvalidOperationException">No TLS was asked for.</exception>
    public LoginStep TlsEstablished(PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_state != State.Tls)
        {
            throw new InvalidOperationException("No TLS was asked for.");
        }
        IsTls = true;
        return Respond(reply);
    }

    private LoginStep OnGreeting(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (!HandshakeV10.TryParse(payload, out var greeting, out var error))
        {
            return FailByServer(error);
        }
        Greeting = greeting;
        if ((greeting.Capabilities & Needed) != Needed)
        {
            return Fail(MySqlErrors.AuthModeNotSupported, "The server doesn't speak protocol 4.1 with its authentication.");
        }
        Negotiated = Negotiate(greeting.Capabilities);
        var offered = greeting.Capabilities.HasFlag(Capabilities.Ssl);
        if (_options.Tls == TlsMode.Required && !offered)
        {
            return Fail(MySqlErrors.SecureTransportRequired,
                "TLS is required towards this server, but it doesn't offer it. Enable TLS there or change the server's Tls setting.");
        }
        var unneeded = _options.Tls == TlsMode.Preferred && _options.IsSecureTransport;
        if (_options.Tls == TlsMode.Disabled || unneeded || !offered)
        {
            return Respond(reply);
        }
        Negotiated |= Capabilities.Ssl;
        new SslRequest(Negotiated, _options.MaxPacketSize, _options.CollationId).Write(reply, _nextSequence++);
        _state = State.Tls;
        return LoginStep.UpgradeToTls;
    }

    private Capabilities Negotiate(Capabilities server)
    {
        var wanted = (_options.Capabilities & ~Derived) | Added;
        wanted |= _options.Schema.IsEmpty ? Capabilities.None : Capabilities.ConnectWithDb;
        wanted |= CompressionChoice.Ask(_options.Compression, server);
        wanted |= _options.Attributes.IsEmpty ? Capabilities.None : Capabilities.ConnectAttributes;
        // MariaDB leaves LongPassword out and then reads the extended half from our response; the intersection is right.
        return wanted & server;
    }

    private LoginStep Respond(PacketWriter reply)
    {
        var plugin = Greeting!.AuthPlugin.Length > 0 ? Greeting.AuthPlugin : AuthPlugins.NativePassword;
        var start = StartFirst(ref plugin);
        if (start.Failure is { } reason)
        {
            return Fail(MySqlErrors.AuthModeNotSupported, reason);
        }
        var data = start.Data ?? [];
        if (data.Length > byte.MaxValue && !Negotiated.HasFlag(Capabilities.PluginAuthLenencData))
        {
            return Fail(MySqlErrors.AuthModeNotSupported, "The server can't take a password of this length.");
        }
        new HandshakeResponse
        {
            Capabilities = Negotiated, MaxPacketSize = _options.MaxPacketSize, CollationId = _options.CollationId,
            User = _options.User, AuthResponse = data, Schema = _options.Schema, AuthPlugin = plugin,
            Attributes = _options.Attributes, ZstdLevel = (byte)_options.ZstdLevel,
        }.Write(reply, _nextSequence++);
        _state = State.Authentication;
        return LoginStep.NeedMore;
    }

    // The greeting names the server's default plugin; the account may have another one, so that a plugin which can't
    // start is no reason to give up: name one that can and let the server switch.
    private ExchangeReply StartFirst(ref string plugin)
    {
        _exchange = ClientExchange.For(plugin, Context(), Greeting!.Nonce);
        if (_exchange?.Start() is { Failure: null } start)
        {
            AuthPlugin = plugin;
            return start;
        }
        plugin = AuthPlugins.NativePassword;
        AuthPlugin = plugin;
        _exchange = ClientExchange.For(plugin, Context(), Greeting.Nonce)!;
        return _exchange.Start();
    }

    private ExchangeContext Context() => new(_options.Password, IsTls || _options.IsSecureTransport,
        _options.AllowPublicKeyRetrieval, _options.AllowClearPassword, _options.ServerPublicKeyPem);

    private LoginStep OnAuthentication(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (++_rounds > MaxRounds)
        {
            return Fail(MySqlErrors.BadHandshake, $"The server didn't end the login within {MaxRounds} packets.");
        }
        switch (payload)
        {
            case [OkPacket.Header, ..]:
                Status = OkPacket.Parse(payload, Negotiated).Status;
                _state = State.Ended;
                return LoginStep.Completed;
            case [ErrPacket.Header, ..]:
                return FailByServer(ErrPacket.Parse(payload));
            case [AuthSwitchRequest.Header]:
                return Fail(MySqlErrors.AuthModeNotSupported,
                    "The server wants the authentication of before MySQL 4.1 (mysql_old_password). Set the account's password anew there.");
            case [AuthSwitchRequest.Header, ..]:
                return OnSwitch(AuthSwitchRequest.Parse(payload), reply);
            case [AuthMoreData.Header, ..]:
                return Send(_exchange!.Continue(AuthMoreData.Parse(payload)), reply);
            case [AuthMoreData.NextFactorHeader, ..]:
                return Fail(MySqlErrors.AuthModeNotSupported,
                    $"The account needs several authentication factors, the next by '{NextFactor(payload)}', which the proxy doesn't support. Use an account with a password alone.");
            case [_, ..] when _exchange!.TakesBareData:
                return Send(_exchange.Continue(payload), reply);
            default:
                throw new MalformedPacketException("Unknown packet during authentication.");
        }
    }

    private static string NextFactor(ReadOnlySpan<byte> payload) =>
        System.Text.Encoding.UTF8.GetString(new PacketReader(payload[1..]).ReadNullTerminatedOrRest());

    private LoginStep OnSwitch(AuthSwitchRequest request, PacketWriter reply)
    {
        AuthPlugin = request.Plugin;
        _exchange = ClientExchange.For(request.Plugin, Context(), request.Nonce.ToArray());
        return _exchange is null
            ? Fail(MySqlErrors.AuthModeNotSupported,
                $"The account uses the authentication plugin '{request.Plugin}', which the proxy doesn't support.")
            : Send(_exchange.Start(), reply);
    }

    private LoginStep Send(ExchangeReply exchange, PacketWriter reply)
    {
        if (exchange.Failure is { } reason)
        {
            return Fail(MySqlErrors.AuthModeNotSupported, reason);
        }
        if (exchange.Data is { } data)
        {
            reply.Begin(_nextSequence);
            reply.WriteBytes(data);
            _nextSequence = reply.End();
        }
        return LoginStep.NeedMore;
    }

    private LoginStep FailByServer(ErrPacket error)
    {
        IsServerError = true;
        Error = error;
        _state = State.Ended;
        return LoginStep.Failed;
    }

    private LoginStep Fail(MySqlError error, string reason)
    {
        Error = new ErrPacket(error, reason);
        _state = State.Ended;
        return LoginStep.Failed;
    }
}
