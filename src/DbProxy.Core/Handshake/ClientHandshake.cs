using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Certificates;
using DbProxy.Core.Channels;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using AdminState = DbProxy.LoadBalancer.Servers.AdminState;

namespace DbProxy.Core.Handshake;

/// <summary>Admits a client: greeting, TLS, proof of the password, and a server's word that user and schema are good.</summary>
internal sealed class ClientHandshake
{
    private readonly Session _session;
    private readonly ProxyContext _context;
    private readonly ClientLogin _login;
    private UserAccount? _account;
    private StoredCredential? _offered;
    private ClientCertificateCheck? _certificate;

    private ClientHandshake(Session session, ProxyContext context, ClientLogin login)
    {
        _session = session;
        _context = context;
        _login = login;
    }

    /// <summary>The first login on a connection; false: the client was refused or left.</summary>
    public static async Task<bool> LoginAsync(Session session, ProxyContext context)
    {
        var login = new ClientLogin(context.Admission.OptionsFor(session));
        using var reply = new PacketWriter();
        login.WriteGreeting(reply);
        if (!await new ClientHandshake(session, context, login).DriveAsync(LoginStep.NeedMore, reply))
        {
            return false;
        }

        session.Compress(login.ZstdLevel);
        return true;
    }

    /// <summary>COM_CHANGE_USER; false: refused, and the connection must end, as a server ends it.</summary>
    public static async Task<bool> ChangeUserAsync(Session session, ProxyContext context, ChangeUser command)
    {
        var login = ClientLogin.ForChangeUser(
            context.Admission.OptionsFor(session), command, session.Capabilities, session.Channel.IsSecure, session.Nonces);
        using var reply = new PacketWriter();
        return await new ClientHandshake(session, context, login).DriveAsync(LoginStep.LookupUser, reply);
    }

    private string User => _login.Charset.GetString(_login.User.Span);

    private string Schema => _login.Charset.GetString(_login.Schema.Span);

    /// <summary>COM_CHANGE_USER may leave them out: then they stay.</summary>
    private ConnectionAttributes Attributes => _login.Attributes.IsEmpty ? _session.Attributes : _login.Attributes;

    private async Task<bool> DriveAsync(LoginStep step, PacketWriter reply)
    {
        while (true)
        {
            switch (step)
            {
                case LoginStep.NeedMore:
                    if (!await SendAsync(reply) || await _session.Input.ReadAsync(-1) is not InputResult.Packet)
                    {
                        return Left();
                    }

                    step = _login.Receive(_session.Input.Payload, _session.Input.Sequence, reply);
                    break;
                case LoginStep.UpgradeToTls:
                    if (!await UpgradeAsync())
                    {
                        return false;
                    }

                    step = LoginStep.NeedMore;
                    break;
                case LoginStep.LookupUser:
                    _login.Charset = ClientCharsets.Of(_login.CollationId, _context.Topology);
                    if (_certificate?.Refusal is { } refusal)
                    {
                        return await RefuseAsync(new(MySqlErrors.AccessDenied, refusal), reply, write: true);
                    }

                    _account = _context.Users.Find(User);
                    _offered = _account?.Credential;
                    step = _login.Offer(_offered, reply);
                    break;
                case LoginStep.DecryptPassword:
                    // A millisecond of RSA or Ed25519 is too long for a thread that serves other sessions' sockets.
                    await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
                    step = _login.Decrypt(reply);
                    break;
                case LoginStep.VerifyPassword or LoginStep.Accepted:
                    return await AdmitAsync(fastPath: step == LoginStep.Accepted, reply);
                default:
                    return await RefuseAsync(_login.Error, reply);
            }
        }
    }

    private async ValueTask<bool> SendAsync(PacketWriter reply)
    {
        bool sent = reply.WrittenCount == 0 || await _session.Channel.SendAsync(reply.WrittenMemory);
        reply.Clear();
        return sent;
    }

    private async Task<bool> UpgradeAsync()
    {
        using var limit = new CancellationTokenSource(_context.Config.Current.Limits.LoginTimeout);
        try
        {
            CertificateStore certificates = _context.Admission.Certificates;
            _certificate = certificates.NewClientCheck();
            _session.UpgradedTo(await TlsChannel.AcceptAsync(_session.Socket, certificates.TowardsClient(_certificate), limit.Token));
            return true;
        }
        catch (Exception e) when (SocketChannel.IsGone(e) || e is System.Security.Authentication.AuthenticationException)
        {
            Interlocked.Increment(ref _context.Counters.LoginsFailed);
            Log.LoginRefused(_context.Logger, "?", Client, "TLS: " + e.Message);
            return false;
        }
    }

    private string Client => _session.Peer.ToString();

    private async Task<bool> AdmitAsync(bool fastPath, PacketWriter reply)
    {
        // What the client proved, not what the account has by now: the password may be renewed meanwhile.
        StoredCredential proven = fastPath || Knows(_offered) ? _offered! : new StoredCredential(_login.Password);
        UserAccount account = _account ?? _context.Users.Create(User, proven);
        bool known = account.Credential == proven && !account.IsForgotten;
        SessionSettings settings = SessionSettings.Create(Schema, _login.CollationId);
        if (!fastPath || !known || !account.IsVerified(Schema))
        {
            LeaseResult verified = await VerifyAsync(account, proven, settings);
            // A server that is full, or full for this user, has not looked at the password: it is as good as it was.
            bool undecided = verified.Connection is null && (verified.Failure != LeaseFailure.Refused || verified.IsServerLimit);
            if (verified.Connection is null && !(undecided && fastPath && known))
            {
                return await RefuseByServerAsync(account, proven, verified, reply);
            }

            if (verified.Connection is { Sandbox: not null } sandboxed)
            {
                return await AdmitToSandboxAsync(account, settings, sandboxed, reply);
            }

            if (verified.Connection is not null)
            {
                account = Keep(account, proven, verified.Connection);
            }

            Interlocked.Increment(ref _context.Counters.LoginsByServer);
        }
        else
        {
            Interlocked.Increment(ref _context.Counters.LoginsByCredential);
        }

        bool accepted = await AcceptAsync(account, settings, reply);
        _context.Users.Remember(account);
        return accepted;
    }

    private ValueTask<bool> AcceptAsync(UserAccount account, SessionSettings settings, PacketWriter reply)
    {
        _session.Admit(account, _login.Negotiated, Attributes, settings);
        _session.Nonces = _login.Nonces;
        _login.Accept(reply, ServerStatus.AutoCommit);
        return SendAsync(reply);
    }

    /// <summary>
    /// The password has expired and the server admits the client only to change it: the session gets the very connection,
    /// for good, and nobody is admitted by that password without a server's word.
    /// </summary>
    private ValueTask<bool> AdmitToSandboxAsync(
        UserAccount account, SessionSettings settings, ServerConnection connection, PacketWriter reply)
    {
        Interlocked.Increment(ref _context.Counters.LoginsByServer);
        _account?.Forget();
        connection.Pool.AdoptLeased(connection);
        ValueTask<bool> accepted = AcceptAsync(account, settings, reply);
        connection.Settings = _session.State.Settings;
        connection.LastSession = connection.InsertIdSession = _session.Id;
        _session.State.Pins |= PinReasons.ExpiredPassword;
        _context.Counters.Pinned(PinReasons.ExpiredPassword);
        _session.Leases.Keep(connection);
        return accepted;
    }

    private bool Knows(StoredCredential? offered) =>
        offered is not null && _login.Password is { } password && offered.Password.Span.SequenceEqual(password);

    /// <summary>Logs in to a server with what the client gave; the primary, because accounts are made there first.</summary>
    private async Task<LeaseResult> VerifyAsync(UserAccount account, StoredCredential proven, SessionSettings settings)
    {
        LeaseResult result = new(null, LeaseFailure.NoServer);
        var primary = _context.Topology.Current.Primary;
        PoolSet pools = account.PoolsFor(_session.VariantFor(_login.Negotiated, Attributes));
        foreach (ServerState server in _context.Topology.Servers.OrderBy(s => s == primary ? 0 : s.Model.Order.IsReady ? 1 : 2))
        {
            if (server.IsRemoved || server.Model is { Health: ServerHealth.Down } or { Order.State: AdminState.Maint })
            {
                continue;
            }

            ConnectionPool pool = pools[server];
            result = await LoginAsync(pool, proven, settings);
            if (result.IsServerLimit && _account?.CloseIdle(pool.Backend) > 0)
            {
                result = await LoginAgainAsync(pool, proven, settings);
            }

            if (result.Connection is not null || result.Failure == LeaseFailure.Refused)
            {
                return result;
            }
        }

        return result;
    }

    private ValueTask<LeaseResult> LoginAsync(ConnectionPool pool, StoredCredential proven, SessionSettings settings) =>
        pool.LoginAsync(proven, settings, ProxyAttributes.For(_session, _login.Attributes), _login.Negotiated.HasFlag(Capabilities.HandleExpiredPasswords));

    /// <summary>
    /// The user's own idle connections filled the server's limit. They are closed, and the server takes a moment to notice.
    /// </summary>
    private async Task<LeaseResult> LoginAgainAsync(ConnectionPool pool, StoredCredential proven, SessionSettings settings)
    {
        LeaseResult result = default;
        for (int attempt = 0; attempt < 20; attempt++)
        {
            await Task.Delay(10);
            result = await LoginAsync(pool, proven, settings);
            if (!result.IsServerLimit)
            {
                break;
            }
        }

        return result;
    }

    private UserAccount Keep(UserAccount account, StoredCredential proven, ServerConnection connection)
    {
        bool isNew = _context.Users.Find(User) is null;
        UserAccount kept = _context.Users.Keep(account, proven);
        kept.Verified(Schema);
        if (isNew)
        {
            Log.UserLearned(_context.Logger, User, connection.Backend.State.Name);
        }

        if (kept == account && kept.Owns(connection.Pool))
        {
            connection.Pool.Adopt(connection);
        }
        else
        {
            // Another client of the same user was faster; this account and its pools are nobody's.
            connection.Dispose();
        }

        return kept;
    }

    private async Task<bool> RefuseByServerAsync(
        UserAccount account, StoredCredential proven, LeaseResult verified, PacketWriter reply)
    {
        ErrPacket error = verified.Error
            ?? new(MySqlErrors.CannotConnect, "No server is available to check the login at present. Try again when one is up.");
        if (verified.Failure == LeaseFailure.Refused && error.Code == MySqlErrors.AccessDenied.Code && account.Credential == proven
            && account == _account)
        {
            account.Forget();
            Log.UserForgotten(_context.Logger, User, "that was asked");
        }

        return await RefuseAsync(error, reply, write: true);
    }

    private async Task<bool> RefuseAsync(ErrPacket? error, PacketWriter reply, bool write = false)
    {
        if (write)
        {
            _login.Reject(error!, reply);
        }

        Interlocked.Increment(ref _context.Counters.LoginsFailed);
        if (error is not null)
        {
            _context.Counters.Error(error.Code, fromProxy: true);
            Log.LoginRefused(_context.Logger, User, Client, error.Message);
        }

        await SendAsync(reply);
        return false;
    }

    private bool Left()
    {
        Interlocked.Increment(ref _context.Counters.LoginsFailed);
        if (_login.CloseMeans is { } meaning)
        {
            Log.LoginRefused(_context.Logger, User, Client, meaning);
        }

        return false;
    }
}
