using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Authentication;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>One client in tcp mode: start → rules → route → lease → connect → relay → account.</summary>
internal sealed class TcpSession(TcpFrontend frontend, TcpRules rules, Socket socket, long id)
{
    private readonly long _started = Stopwatch.GetTimestamp();
    private readonly CancellationTokenSource _closing = new();
    private readonly SocketChannel _socket = new(socket);
    private ByteChannel _client = null!;
    private DuplexRelay? _relay;
    private readonly Lock _accounting = new();
    private ReadOnlyMemory<byte> _first;
    private long _countedIn;
    private long _countedOut;

    public long Id => id;

    /// <summary>The client, as a trusted proxy names it.</summary>
    public IPEndPoint Client { get; private set; } = socket.RemoteEndPoint as IPEndPoint ?? new(IPAddress.None, 0);

    public IPAddress Source => Client.Address;

    public Backend? Backend { get; private set; }

    public Server? Server { get; private set; }

    /// <summary>Whether bytes move between the two sides.</summary>
    public TimeSpan IdleFor => _relay?.IdleFor ?? TimeSpan.Zero;

    public TimeSpan Age => Stopwatch.GetElapsedTime(_started);

    /// <summary>Serves the client until one of both sides is done; never throws.</summary>
    public async Task RunAsync()
    {
        var report = new SessionReport();
        _client = _socket;
        try
        {
            report.End = await ServeAsync(report);
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException or IOException)
        {
            report.End = SessionEnd.Closed;
        }
        finally
        {
            _client.Dispose();
            _socket.Dispose();
            _closing.Dispose();
            Account();
            report.Fill(this, _relay);
            frontend.Ended(this, report);
        }
    }

    /// <summary>Ends the session from any thread.</summary>
    public void Close(RelayEnd why = RelayEnd.Aborted)
    {
        // Before the token, which ends the relay too, but knows no reason.
        _relay?.Abort(why);
        try
        {
            _closing.Cancel();
        }
        catch (ObjectDisposedException)
        {
            // It has just ended by itself.
        }
        (_client ?? _socket).Abort();
    }

    /// <summary>Counts the bytes that have passed since the last call: of a session that lasts for days nothing would else be seen
    /// until its end.</summary>
    public void Account()
    {
        lock (_accounting)
        {
            if (_relay is not { } relay || Server is not { } server)
                return;
            var (fromClient, fromServer) = (relay.FromClient, relay.FromServer);
            Interlocked.Add(ref frontend.Counters.BytesIn, fromClient - _countedIn);
            Interlocked.Add(ref frontend.Counters.BytesOut, fromServer - _countedOut);
            Interlocked.Add(ref server.Counters.BytesIn, fromClient - _countedIn);
            Interlocked.Add(ref server.Counters.BytesOut, fromServer - _countedOut);
            (_countedIn, _countedOut) = (fromClient, fromServer);
        }
    }

    /// <summary>What operators see of it.</summary>
    public FrontendSession Describe() => new(
        id, Client, Backend?.Name, Server?.Name, _relay is null ? "waiting" : "connected", Age, IdleFor);

    private async Task<SessionEnd> ServeAsync(SessionReport report)
    {
        if (!await TakeHeaderAsync())
            return BadStart();
        if (rules.Rate is { } rate && !rate.TryTake(Source))
        {
            Interlocked.Increment(ref frontend.Counters.RateLimited);
            report.Rule = "connection rate";
            await RefuseAsync(rate.Config.Action);
            return SessionEnd.RateLimited;
        }
        if (await StartAsync() is not { } facts)
            return BadStart();
        if (AccessRule.Decide(rules.Config.Access, facts) is { } rule)
        {
            report.Rule = rule.Name;
            if (rule.Action != AccessAction.Allow)
            {
                Interlocked.Increment(ref frontend.Counters.Denied);
                await RefuseAsync(rule.Action);
                return SessionEnd.Denied;
            }
        }
        (Backend, var route) = rules.RouteOf(facts);
        report.Rule = route ?? report.Rule;
        return Backend is null ? SessionEnd.NoBackend : await ConnectAndRelayAsync(Backend, report);
    }

    private SessionEnd BadStart()
    {
        Interlocked.Increment(ref frontend.Counters.ProtocolErrors);
        return SessionEnd.BadStart;
    }

    /// <summary>From trusted proxies the PROXY header must come first; false: it did not.</summary>
    private async ValueTask<bool> TakeHeaderAsync()
    {
        if (rules.Config.ProxyProtocolFrom.IsEmpty || !Match.IsIn(rules.Config.ProxyProtocolFrom, Source))
            return true;
        using var timeout = new CancellationTokenSource(rules.Config.HandshakeTimeout);
        try
        {
            if ((await ProxyPreface.TakeAsync(socket, timeout.Token)).Header is not { } header)
                return false;
            Client = header.Source ?? Client;
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    /// <summary>What stands first must be there before a server is chosen; null: it was not, or not in time.</summary>
    private async Task<TcpFacts?> StartAsync()
    {
        if (!rules.ReadsServerName && rules.Tls is null)
            return new(Source);
        using var timeout = new CancellationTokenSource(rules.Config.HandshakeTimeout);
        using var abort = timeout.Token.Register(static c => ((SocketChannel)c!).Abort(), _socket);
        if (rules.Tls is { } certificates)
            return await EndTlsAsync(certificates, timeout.Token);
        (var host, _first) = await ReadServerNameAsync();
        return _first.IsEmpty ? null : new(Source, host);
    }

    private async Task<TcpFacts?> EndTlsAsync(FrontendTlsStore certificates, CancellationToken timeout)
    {
        try
        {
            string? host = null;
            var tls = await TlsChannel.AcceptAsync(_socket, hello => certificates.For(host = hello.ServerName), timeout);
            _client = tls;
            return new(Source, string.IsNullOrEmpty(host) ? null : host, tls.PeerCertificate?.Subject);
        }
        catch (Exception e) when (e is AuthenticationException or IOException or OperationCanceledException)
        {
            return null;
        }
    }

    /// <summary>The ClientHello, kept for the server.</summary>
    private async Task<(string? Host, ReadOnlyMemory<byte> Bytes)> ReadServerNameAsync()
    {
        var buffer = new byte[ClientHello.MaxLength];
        var length = 0;
        while (true)
        {
            var received = await _client.ReceiveAsync(buffer.AsMemory(length));
            if (received == 0)
                return (null, default);
            length += received;
            if (ClientHello.TryRead(buffer.AsSpan(0, length), out var name) || length == buffer.Length)
                return (name, buffer.AsMemory(0, length));
        }
    }

    private async Task<SessionEnd> ConnectAndRelayAsync(Backend backend, SessionReport report)
    {
        List<Server>? failed = null;
        for (var attempt = 0; ; attempt++)
        {
            report.Retries = attempt;
            var asked = Stopwatch.GetTimestamp();
            var lease = await backend.LeaseAsync(new(StableHash.Of(Source), Avoid: failed), _closing.Token);
            report.Queued(lease.Ahead, Stopwatch.GetElapsedTime(asked));
            if (lease.Server is not { } server)
                return lease.Failure switch
                {
                    LeaseFailure.NoServer => attempt == 0 ? SessionEnd.NoServer : SessionEnd.ConnectFailed,
                    LeaseFailure.Cancelled => SessionEnd.Closed,
                    _ => SessionEnd.QueueTimeout,
                };
            Server = server;
            asked = Stopwatch.GetTimestamp();
            try
            {
                if (await OpenAsync(backend, server) is { } connected)
                    using (connected)
                    {
                        report.ConnectTime = Stopwatch.GetElapsedTime(asked);
                        return await RelayAsync(server, connected);
                    }
            }
            finally
            {
                backend.Release(server);
            }
            if (attempt >= backend.Config.Retries)
                return SessionEnd.ConnectFailed;
            Interlocked.Increment(ref backend.Config.Redispatch ? ref server.Counters.Redispatches : ref server.Counters.Retries);
            if (backend.Config.Redispatch)
                (failed ??= []).Add(server);
        }
    }

    private async Task<ByteChannel?> OpenAsync(Backend backend, Server server)
    {
        using var timeout = CancellationTokenSource.CreateLinkedTokenSource(_closing.Token);
        timeout.CancelAfter(backend.Config.ConnectTimeout);
        try
        {
            var connected = await backend.Link.Dial(server.Config, Client, socket.LocalEndPoint as IPEndPoint).OpenChannelAsync(timeout.Token);
            server.NoteSuccess();
            return connected;
        }
        catch (OperationCanceledException) when (!_closing.IsCancellationRequested)
        {
            backend.NoteFailure(server, "no answer in time");
        }
        catch (Exception e) when (e is SocketException or IOException or AuthenticationException)
        {
            backend.NoteFailure(server, e.Message);
        }
        return null;
    }

    private async Task<SessionEnd> RelayAsync(Server server, ByteChannel connected)
    {
        if (!_first.IsEmpty && !await connected.SendAsync(_first))
            return SessionEnd.ServerGone;
        _first = default;
        _relay = new(_client, connected);
        using var down = server.Closing.Register(static s => ((TcpSession)s!).Close(), this);
        using var stop = _closing.Token.Register(static r => ((DuplexRelay)r!).Abort(), _relay);
        var end = await _relay.RunAsync();
        if (end == RelayEnd.ServerGone)
            Interlocked.Increment(ref server.Counters.ResponseErrors);
        return end switch
        {
            RelayEnd.Done => SessionEnd.Done,
            RelayEnd.ClientGone => SessionEnd.ClientGone,
            RelayEnd.ServerGone => SessionEnd.ServerGone,
            RelayEnd.Idle => SessionEnd.Idle,
            _ => SessionEnd.Closed,
        };
    }

    private async Task RefuseAsync(AccessAction action)
    {
        switch (action)
        {
            case AccessAction.Tarpit:
                await Task.Delay(rules.Config.TarpitDelay, _closing.Token);
                break;
            case AccessAction.SilentDrop:
                SilentDrop.Apply(socket);
                break;
        }
    }
}
