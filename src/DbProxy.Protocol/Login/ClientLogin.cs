using System.Security.Cryptography;
using System.Text;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Login;

/// <summary>The proxy admits a client: a state machine without sockets.</summary>
/// <remarks>
/// Legs: greeting → (SSLRequest, TLS) → response → <see cref="LoginStep.LookupUser"/>, <see cref="Offer"/> → a scramble
/// that fits the stored credential (Accepted), or the full exchange (VerifyPassword) → <see cref="Accept"/> or
/// <see cref="Reject"/>. COM_CHANGE_USER begins at LookupUser. Not safe for concurrent use; one instance, one login.
/// </remarks>
public sealed partial class ClientLogin
{
    // Announced always: the login itself needs them.
    private const Capabilities Added = Capabilities.Protocol41 | Capabilities.SecureConnection
        | Capabilities.PluginAuth | Capabilities.PluginAuthLenencData;

    private const Capabilities Compressions = Capabilities.Compress | Capabilities.ZstdCompression;

    private readonly ClientLoginOptions _options;
    private readonly Capabilities _announced;
    private State _state;
    private byte[] _nonce = Nonce.Create();
    private LoginNonces _nonces;
    private byte _nextSequence;
    private StoredCredential? _credential;
    private ReadOnlyMemory<byte> _response;
    private byte[] _encrypted = [];
    private bool _isChangeUser;
    private bool _ignoresNumbers;
    private bool _fastPath;

    /// <summary>Starts a login; <see cref="WriteGreeting"/> comes first.</summary>
    public ClientLogin(ClientLoginOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        var announced = options.Announced & ~Capabilities.Ssl | Added;
        _announced = options.TlsAvailable ? announced | Capabilities.Ssl : announced;
    }

    private enum State
    {
        Greeting, Response, Lookup, NativeAnswer, Sha2Answer, FullAnswer, Sha256Answer, ClearAnswer, Ed25519Answer,
        EncryptedPassword, Decrypting, Checking, Verdict, Ended,
    }

    /// <summary>What both sides can do, once the client's response came.</summary>
    public Capabilities Negotiated { get; private set; }

    /// <summary>
    /// The client's character set: of the names that it sends and of the errors that it is sent. Default UTF-8; to be set
    /// before <see cref="Offer"/>, when <see cref="CollationId"/> is known.
    /// </summary>
    public Encoding Charset { get; set; } = Encoding.UTF8;

    /// <summary>The user's name in the client's character set.</summary>
    public ReadOnlyMemory<byte> User { get; private set; }

    /// <summary>The schema to start in; empty for none.</summary>
    public ReadOnlyMemory<byte> Schema { get; private set; }

    /// <summary>The collation that the client wants.</summary>
    public ushort CollationId { get; private set; }

    /// <summary>The client's connection attributes.</summary>
    public ConnectionAttributes Attributes { get; private set; }

    /// <summary>The client's largest packet in bytes; 0 after COM_CHANGE_USER.</summary>
    public uint MaxPacketSize { get; private set; }

    /// <summary>The level that the client wants for Zstandard; 3 where it named none that exists.</summary>
    public int ZstdLevel { get; private set; } = CompressionChoice.ZstdLevel;

    /// <summary>The plugin that the client named at first.</summary>
    public string ClientPlugin { get; private set; } = "";

    /// <summary>Does the login go through TLS?</summary>
    public bool IsTls { get; private set; }

    /// <summary>The password of a full exchange; null where the fast path sufficed or none came yet.</summary>
    public byte[]? Password { get; private set; }

    /// <summary>What the client's answers were made with, for a later COM_CHANGE_USER.</summary>
    public LoginNonces Nonces => _nonces with { Last = _nonce };

    /// <summary>What was sent to the client when the login failed.</summary>
    public ErrPacket? Error { get; private set; }

    /// <summary>
    /// What it means when the client closes the connection now, with what to do about it; null where nothing is known.
    /// </summary>
    public string? CloseMeans => _state switch
    {
        State.Sha2Answer => $"The client closed the connection when it was asked for {AuthPlugins.CachingSha2}"
            + (ClientPlugin.Length > 0 ? $" (its own plugin is {ClientPlugin})" : "") + ". " + UsersHint,
        State.FullAnswer when !IsSecure => "The client closed the connection when it was asked for its password without "
            + "TLS. Use TLS, or let the client fetch the RSA key (AllowPublicKeyRetrieval=true, --get-server-public-key).",
        _ => null,
    };

    private bool IsSecure => IsTls || _options.IsSecureTransport;

    private string UsersHint => $"A client that doesn't know {AuthPlugins.CachingSha2} can be admitted by "
        + $"{AuthPlugins.NativePassword} when its user and password are configured under Users.";

    /// <summary>
    /// A login by COM_CHANGE_USER, which ends with an authentication switch and a fresh nonce, unless the command brings
    /// the hash of a native password that is known. The caller goes on as after <see cref="LoginStep.LookupUser"/>: with
    /// <see cref="Offer"/>.
    /// </summary>
    /// <param name="options">As for the connection's first login.</param>
    /// <param name="command">The command.</param>
    /// <param name="negotiated">What the first login negotiated.</param>
    /// <param name="isTls">Does the connection use TLS?</param>
    /// <param name="nonces">Those of the connection's logins so far.</param>
    public static ClientLogin ForChangeUser(
        ClientLoginOptions options, ChangeUser command, Capabilities negotiated, bool isTls, LoginNonces nonces = default)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new ClientLogin(options)
        {
            _state = State.Lookup, _nextSequence = 1, _isChangeUser = true, _response = command.AuthResponse,
            Negotiated = negotiated, IsTls = isTls, User = command.User, Schema = command.Schema,
            CollationId = command.CollationId, Attributes = command.Attributes, ClientPlugin = command.AuthPlugin,
            _nonces = nonces, _nonce = nonces.Last ?? Nonce.Create(),
            _ignoresNumbers = CompressionChoice.Of(negotiated) != CompressionAlgorithm.None,
        };
    }

    /// <summary>Writes the greeting.</summary>
    /// <exception cref="InvalidOperationException">It was written already.</exception>
    public void WriteGreeting(PacketWriter writer)
    {
        Expect(State.Greeting);
        _nonces = new(_nonce, _nonce);
        new HandshakeV10
        {
            ServerVersion = _options.ServerVersion, ConnectionId = _options.ConnectionId, Nonce = _nonce,
            Capabilities = _announced, CollationId = _options.CollationId, Status = _options.Status,
            AuthPlugin = AuthPlugins.CachingSha2,
        }.Write(writer);
        _nextSequence = 1;
        _state = State.Response;
    }

    /// <summary>Takes the client's next packet.</summary>
    /// <param name="payload">The packet without header.</param>
    /// <param name="sequence">Its sequence number; a wrong one fails the login (error 1156).</param>
    /// <param name="reply">Takes what is to be sent.</param>
    /// <returns>Any step but Completed. Malformed packets end in Failed, not in an exception.</returns>
    /// <exception cref="InvalidOperationException">No packet is expected now.</exception>
    public LoginStep Receive(ReadOnlySpan<byte> payload, byte sequence, PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        // Where frames are numbered, clients number packets as they please.
        if (sequence != _nextSequence && !_ignoresNumbers)
        {
            return Fail(new ErrPacket(MySqlErrors.PacketsOutOfOrder, "Got packets out of order"), reply);
        }
        _nextSequence++;
        try
        {
            return _state switch
            {
                State.Response => OnResponse(payload, reply),
                State.NativeAnswer => OnNativeAnswer(payload, reply),
                State.Sha2Answer => OnSha2Answer(payload, reply),
                State.FullAnswer => OnFullAnswer(payload, CachingSha2.RequestPublicKey, reply),
                State.Sha256Answer => OnFullAnswer(payload, Sha256Password.RequestPublicKey, reply),
                State.ClearAnswer => Obtained(Whole(payload)),
                State.Ed25519Answer => OnEd25519Answer(payload),
                State.EncryptedPassword => OnEncryptedPassword(payload, reply),
                _ => throw new InvalidOperationException($"No packet is expected in state {_state}."),
            };
        }
        catch (MalformedPacketException e)
        {
            return Fail(new ErrPacket(MySqlErrors.BadHandshake, $"Bad handshake. {e.Message}"), reply);
        }
    }

    /// <summary>Goes on after <see cref="LoginStep.LookupUser"/> with what is known of the user.</summary>
    /// <param name="credential">The credential, or null for an unknown user.</param>
    /// <param name="reply">Takes what is to be sent.</param>
    /// <returns>NeedMore, VerifyPassword, Accepted or Failed.</returns>
    /// <exception cref="InvalidOperationException">No user was to be looked up.</exception>
    public LoginStep Offer(StoredCredential? credential, PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Expect(State.Lookup);
        _credential = credential;
        var canSwitch = Negotiated.HasFlag(Capabilities.PluginAuth);
        var isNative = ClientPlugin == AuthPlugins.NativePassword || !canSwitch;
        if (_isChangeUser && (isNative || ClientPlugin.Length == 0) && FitsEarlier(hasToAnswer: !canSwitch))
        {
            return Verified(fastPath: false);
        }
        if (canSwitch && !isNative)
        {
            return JudgeFirst(reply);
        }
        if (_isChangeUser && canSwitch)
        {
            return SwitchTo(credential is null ? AuthPlugins.CachingSha2 : AuthPlugins.NativePassword, reply);
        }
        // An empty answer of another plugin than the announced one means "switch me", not "no password".
        if (!_isChangeUser && (!canSwitch || !_response.IsEmpty) && FitsNative(_response.Span))
        {
            return Verified(fastPath: false);
        }
        if (!canSwitch)
        {
            return Fail(credential is null
                ? new ErrPacket(MySqlErrors.AuthModeNotSupported, $"The client knows no authentication plugins. {UsersHint}")
                : AccessDenied(), reply);
        }
        // A scramble made for another plugin, or none at all because the client waits for the switch.
        return credential is { IsConfigured: true } && _response.Length == NativePassword.Length
            ? Fail(AccessDenied(), reply)
            : SwitchTo(credential is not null && _response.IsEmpty ? AuthPlugins.NativePassword : AuthPlugins.CachingSha2, reply);
    }

    /// <summary>
    /// After <see cref="LoginStep.DecryptPassword"/>: decrypts with the RSA key, or checks a signature; a millisecond or two
    /// of CPU. May run on another thread while nothing else touches the machine and the writer.
    /// </summary>
    /// <returns>VerifyPassword, Accepted, NeedMore or Failed.</returns>
    /// <exception cref="InvalidOperationException">There is nothing to decrypt.</exception>
    public LoginStep Decrypt(PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
        if (_state == State.Checking)
        {
            return CheckSignature(reply);
        }
        Expect(State.Decrypting);
        return _options.Rsa.Decrypt(_encrypted, _nonce) is { } password
            ? Obtained(password)
            : Fail(AccessDenied(), reply);
    }

    /// <summary>After VerifyPassword or Accepted: writes the OK that admits the client.</summary>
    /// <param name="reply">Takes the packets.</param>
    /// <param name="status">The session's status flags.</param>
    /// <param name="stateChanges">Session state to tell a tracking client (see <see cref="SessionStateWriter"/>).</param>
    /// <exception cref="InvalidOperationException">The password wasn't checked.</exception>
    public void Accept(PacketWriter reply, ServerStatus status, ReadOnlySpan<byte> stateChanges = default)
    {
        ArgumentNullException.ThrowIfNull(reply);
        Expect(State.Verdict);
        if (_fastPath)
        {
            AuthMoreData.Write(reply, _nextSequence++, [CachingSha2.FastAuthSuccess]);
        }
        OkPacket.Write(reply, _nextSequence++, Negotiated, status, stateChanges: stateChanges);
        _state = State.Ended;
    }

    /// <summary>Writes an error that ends the login, at any point after the greeting.</summary>
    public void Reject(ErrPacket error, PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(error);
        ArgumentNullException.ThrowIfNull(reply);
        Fail(error, reply);
    }

    /// <summary>The error for a wrong user or password, as a server words it.</summary>
    public ErrPacket AccessDenied()
    {
        var withPassword = Password is { Length: > 0 } || Password is null && _response.Span is not ([] or [0]);
        return new ErrPacket(MySqlErrors.AccessDenied, $"Access denied for user '{Charset.GetString(User.Span)}'"
            + $"@'{_options.ClientAddress}' (using password: {(withPassword ? "YES" : "NO")})");
    }

    private LoginStep OnResponse(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (SslRequest.Is(payload))
        {
            if (IsTls || !_options.TlsAvailable)
            {
                MalformedPacketException.Throw("TLS was requested but isn't offered.");
            }
            IsTls = true;
            return LoginStep.UpgradeToTls;
        }
        var response = HandshakeResponse.Parse(payload);
        Negotiated = response.Capabilities & (IsTls ? _announced : _announced & ~Capabilities.Ssl);
        User = response.User;
        Schema = response.Schema;
        CollationId = response.CollationId;
        Attributes = response.Attributes;
        MaxPacketSize = response.MaxPacketSize;
        ClientPlugin = response.AuthPlugin;
        ZstdLevel = response.ZstdLevel is > 0 and <= CompressionChoice.MaxZstdLevel ? response.ZstdLevel : CompressionChoice.ZstdLevel;
        _response = response.AuthResponse;
        if ((response.Capabilities & Compressions & ~_announced) != 0)
        {
            // It would go on compressed, which nobody here unpacks.
            return Fail(new ErrPacket(MySqlErrors.BadHandshake, "Bad handshake. The client claims a compression that was not offered."), reply);
        }
        if (_options.TlsRequired && !IsSecure)
        {
            return Fail(new ErrPacket(MySqlErrors.SecureTransportRequired,
                "Connections using insecure transport are prohibited by the proxy's configuration. Use TLS."), reply);
        }
        if (!Negotiated.HasFlag(Capabilities.SecureConnection))
        {
            return Fail(new ErrPacket(MySqlErrors.AuthModeNotSupported,
                "Client does not support authentication protocol requested by server; consider upgrading MySQL client"), reply);
        }
        _state = State.Lookup;
        return LoginStep.LookupUser;
    }

    private LoginStep Verified(bool fastPath)
    {
        _fastPath = fastPath;
        _state = State.Verdict;
        return LoginStep.Accepted;
    }

    private LoginStep Obtained(byte[] password)
    {
        Password = password;
        if (_credential is { } known && CryptographicOperations.FixedTimeEquals(known.Password.Span, password))
        {
            return Verified(fastPath: false);
        }
        _state = State.Verdict;
        return LoginStep.VerifyPassword;
    }

    private LoginStep Fail(ErrPacket error, PacketWriter reply)
    {
        Error = error;
        // Before the response came nothing is negotiated; every client that is let in speaks 4.1.
        error.Write(reply, _nextSequence++, encoding: Charset);
        _state = State.Ended;
        return LoginStep.Failed;
    }

    private void Expect(State state)
    {
        if (_state != state)
        {
            throw new InvalidOperationException($"Expected in state {state}, but the login is in state {_state}.");
        }
    }
}
