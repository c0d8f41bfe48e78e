using System.Security.Cryptography;
using System.Text;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Login;

/// <summary>The proxy admits a client: a state machine without sockets.</summary>
/// <remarks>
/// Legs: greeting → (SSLRequest, TLS) → response → <see cref="LoginStep.LookupUser"/>, <see cref="Offer"/> → a scramble
/// that fits the stored credential (Accepted), or the full exchange (VerifyPassword) → <see cref="Accept"/> or
/// <see cref="Reject"/>. COM_CHANGE_USER begins at LookupUser. Not safe for concurrent use; one instance, one login.
/// </remarks>
public sealed class ClientLogin
{
    // Announced always: the login itself needs them.
    private const Capabilities Added = Capabilities.Protocol41 | Capabilities.SecureConnection
        | Capabilities.PluginAuth | Capabilities.PluginAuthLenencData;

    private readonly ClientLoginOptions _options;
    private readonly Capabilities _announced;
    private State _state;
    private byte[] _nonce = Nonce.Create();
    private byte _nextSequence;
    private StoredCredential? _credential;
    private ReadOnlyMemory<byte> _response;
    private byte[] _encrypted = [];
    private bool _isChangeUser;
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
        Greeting, Response, Lookup, NativeAnswer, Sha2Answer, FullAnswer, EncryptedPassword, Decrypting, Verdict, Ended,
    }

    /// <summary>What both sides can do, once the client's response came.</summary>
    public Capabilities Negotiated { get; private set; }

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

    /// <summary>The plugin that the client named at first.</summary>
    public string ClientPlugin { get; private set; } = "";

    /// <summary>Does the login go through TLS?</summary>
    public bool IsTls { get; private set; }

    /// <summary>The password of a full exchange; null where the fast path sufficed or none came yet.</summary>
    public byte[]? Password { get; private set; }

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
    /// A login by COM_CHANGE_USER, which always ends with an authentication switch and a fresh nonce. The caller goes on
    /// as after <see cref="LoginStep.LookupUser"/>: with <see cref="Offer"/>.
    /// </summary>
    /// <param name="options">As for the connection's first login.</param>
    /// <param name="command">The command.</param>
    /// <param name="negotiated">What the first login negotiated.</param>
    /// <param name="isTls">Does the connection use TLS?</param>
    public static ClientLogin ForChangeUser(ClientLoginOptions options, ChangeUser command, Capabilities negotiated, bool isTls)
    {
        ArgumentNullException.ThrowIfNull(command);
        return new ClientLogin(options)
        {
            _state = State.Lookup, _nextSequence = 1, _isChangeUser = true, _response = command.AuthResponse,
            Negotiated = negotiated, IsTls = isTls, User = command.User, Schema = command.Schema,
            CollationId = command.CollationId, Attributes = command.Attributes, ClientPlugin = command.AuthPlugin,
        };
    }

    /// <summary>Writes the greeting.</summary>
    /// <exception cref="InvalidOperationException">It was written already.</exception>
    public void WriteGreeting(PacketWriter writer)
    {
        Expect(State.Greeting);
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
        if (sequence != _nextSequence)
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
                State.FullAnswer => OnFullAnswer(payload, reply),
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
        if (_isChangeUser && canSwitch)
        {
            return SwitchTo(isNative && credential is not null, reply);
        }
        if (ClientPlugin == AuthPlugins.CachingSha2 && canSwitch)
        {
            return JudgeSha2(_response.Span, reply);
        }
        // An empty answer of another plugin than the announced one means "switch me", not "no password".
        if (isNative && !_isChangeUser && (!canSwitch || !_response.IsEmpty) && FitsNative(_response.Span))
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
        return isNative && credential is { IsConfigured: true } && _response.Length == NativePassword.Length
            ? Fail(AccessDenied(), reply)
            : SwitchTo(isNative && credential is not null && _response.IsEmpty, reply);
    }

    /// <summary>
    /// After <see cref="LoginStep.DecryptPassword"/>: decrypts with the RSA key, about a millisecond of CPU. May run on
    /// another thread while nothing else touches the machine and the writer.
    /// </summary>
    /// <returns>VerifyPassword, or Failed.</returns>
    /// <exception cref="InvalidOperationException">There is nothing to decrypt.</exception>
    public LoginStep Decrypt(PacketWriter reply)
    {
        ArgumentNullException.ThrowIfNull(reply);
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
        return new ErrPacket(MySqlErrors.AccessDenied, $"Access denied for user '{Encoding.UTF8.GetString(User.Span)}'"
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
        _response = response.AuthResponse;
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

    private LoginStep SwitchTo(bool native, PacketWriter reply)
    {
        _nonce = Nonce.Create();
        var plugin = native ? AuthPlugins.NativePassword : AuthPlugins.CachingSha2;
        AuthSwitchRequest.ForNonce(plugin, _nonce).Write(reply, _nextSequence++);
        _state = native ? State.NativeAnswer : State.Sha2Answer;
        return LoginStep.NeedMore;
    }

    private LoginStep OnNativeAnswer(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        _response = payload.ToArray();
        if (FitsNative(payload))
        {
            return Verified(fastPath: false);
        }
        // A learned password may have changed on the servers: the client's new one comes by the full exchange only.
        return _credential!.IsConfigured ? Fail(AccessDenied(), reply) : SwitchTo(native: false, reply);
    }

    private LoginStep OnSha2Answer(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (payload.Length != CachingSha2.Length && !CachingSha2.IsEmptyPassword(payload))
        {
            return Fail(new ErrPacket(MySqlErrors.AuthModeNotSupported,
                $"The client didn't answer as {AuthPlugins.CachingSha2} does. {UsersHint}"), reply);
        }
        _response = payload.ToArray();
        return JudgeSha2(payload, reply);
    }

    private LoginStep JudgeSha2(ReadOnlySpan<byte> response, PacketWriter reply)
    {
        if (CachingSha2.IsEmptyPassword(response))
        {
            return _credential is { Password.IsEmpty: true } ? Verified(fastPath: false) : Obtained([]);
        }
        if (_credential is { Password.IsEmpty: false } known
            && CachingSha2.Verify(response, _nonce, known.Sha256OfSha256.Span))
        {
            return Verified(fastPath: true);
        }
        AuthMoreData.Write(reply, _nextSequence++, [CachingSha2.PerformFullAuthentication]);
        _state = State.FullAnswer;
        return LoginStep.NeedMore;
    }

    private LoginStep OnFullAnswer(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (payload is [CachingSha2.RequestPublicKey])
        {
            AuthMoreData.Write(reply, _nextSequence++, _options.Rsa.PublicKeyPem);
            _state = State.EncryptedPassword;
            return LoginStep.NeedMore;
        }
        // Without TLS a client that has the public key already sends the encrypted password at once.
        return IsSecure
            ? Obtained((payload is [.., 0] ? payload[..^1] : payload).ToArray())
            : OnEncryptedPassword(payload, reply);
    }

    private LoginStep OnEncryptedPassword(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (payload.Length != _options.Rsa.EncryptedLength)
        {
            return Fail(AccessDenied(), reply);
        }
        _encrypted = payload.ToArray();
        _state = State.Decrypting;
        return LoginStep.DecryptPassword;
    }

    private bool FitsNative(ReadOnlySpan<byte> response) => _credential is { } known && (known.Password.IsEmpty
        ? response.IsEmpty
        : NativePassword.Verify(response, _nonce, known.Sha1OfSha1.Span));

    private LoginStep Verified(bool fastPath)
    {
        _fastPath = fastPath;
        _state = State.Verdict;
        return LoginStep.Accepted;
    }

    private LoginStep Obtained(byte[] password)
    {
        Password = password;
        _state = State.Verdict;
        return LoginStep.VerifyPassword;
    }

    private LoginStep Fail(ErrPacket error, PacketWriter reply)
    {
        Error = error;
        // Before the response came nothing is negotiated; every client that is let in speaks 4.1.
        error.Write(reply, _nextSequence++);
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
