using System.Collections.Immutable;
using System.Net;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Forwarding;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.Servers;
using Microsoft.AspNetCore.Http;

namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>One request on its way through: what rules look at, and what the log says in the end.</summary>
internal sealed class Exchange : IRequestFacts
{
    // Seldom enough to cost a small request nothing, often enough for rates by the second.
    private static readonly TimeSpan AccountEvery = TimeSpan.FromMilliseconds(500);

    private readonly FrontendCounters _frontend;
    private readonly TimeProvider _time;
    private readonly long _started;
    private long _bytesIn;
    private long _bytesOut;
    private long _accountedIn;
    private long _accountedOut;
    private TimeSpan _accountedAt;
    private TimeSpan _sentAt;
    private TimeSpan _movedAt;

    public Exchange(HttpContext http, ImmutableArray<IPNetwork> trusted, FrontendCounters frontend, TimeProvider time)
    {
        (Http, _frontend, _time, _started) = (http, frontend, time, time.GetTimestamp());
        var peer = http.Connection.RemoteIpAddress ?? IPAddress.None;
        Peer = peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer;
        IsPeerTrusted = Match.IsIn(trusted, Peer);
        Source = IsPeerTrusted ? ForwardedFor.ClientOf(http.Request.Headers, Peer, trusted) : Peer;
    }

    public HttpContext Http { get; }

    /// <summary>Who is connected: the client, or a proxy in front of it.</summary>
    public IPAddress Peer { get; }

    public IPEndPoint PeerEndPoint => new(Peer, Http.Connection.RemotePort);

    /// <summary>Where the peer connected to.</summary>
    public IPEndPoint? LocalEndPoint => Http.Connection.LocalIpAddress is { } address ? new(address, Http.Connection.LocalPort) : null;

    public bool IsPeerTrusted { get; }

    public IPAddress Source { get; }

    public string? Host => Http.Request.Host.HasValue ? Http.Request.Host.Host : null;

    public string? Method => Http.Request.Method;

    /// <summary>With %2F as a slash: the server gets it as it came, and may take it for one.</summary>
    public string? Path => Http.Request.Path.Value is { } path && path.Contains('%', StringComparison.Ordinal)
        ? path.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase)
        : Http.Request.Path.Value;

    /// <summary>What the client speaks; a trusted proxy in front may have ended its TLS.</summary>
    public string Scheme => IsPeerTrusted && Header("X-Forwarded-Proto") is { } told ? told.ToLowerInvariant() : Http.Request.Scheme;

    public string? CertificateSubject => Http.Connection.ClientCertificate?.Subject;

    public string? RequestId { get; set; }

    /// <summary>The rule that decided; null: none did.</summary>
    public string? Rule { get; set; }

    public Backend? Backend { get; set; }

    public Server? Server { get; set; }

    /// <summary>How many waited ahead in the queue.</summary>
    public int Ahead { get; set; }

    public int Retries { get; set; }

    /// <summary>Of <see cref="EndState"/>.</summary>
    public string End { get; set; } = EndState.Ok;

    /// <summary>The status for log and counters where it isn't the response's: 499, the client left.</summary>
    public int? Status { get; set; }

    public long BytesIn => Volatile.Read(ref _bytesIn);

    public long BytesOut => Volatile.Read(ref _bytesOut);

    public TimeSpan? QueueTime { get; private set; }

    /// <summary>How long the connection that was opened for this request took; null: there was one.</summary>
    public TimeSpan? ConnectTime { get; set; }

    /// <summary>From the server's choice to its response headers.</summary>
    public TimeSpan? ResponseTime { get; private set; }

    /// <summary>How long nothing has moved in either direction.</summary>
    public TimeSpan SilentFor => Elapsed - _movedAt;

    public TimeSpan Elapsed => _time.GetElapsedTime(_started);

    public string? Header(string name) => Http.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null;

    public void Received(int count)
    {
        Interlocked.Add(ref _bytesIn, count);
        Moved();
    }

    public void Sent(int count)
    {
        Interlocked.Add(ref _bytesOut, count);
        Moved();
    }

    /// <summary>Adds what has passed since the last time to the counters of frontend, backend and server.</summary>
    public void Account()
    {
        // Both directions may come here at the same time: what one takes too much the other gives back.
        var (received, sent) = (BytesIn, BytesOut);
        var bytesIn = received - Interlocked.Exchange(ref _accountedIn, received);
        var bytesOut = sent - Interlocked.Exchange(ref _accountedOut, sent);
        _frontend.AddBytes(bytesIn, bytesOut);
        Backend?.Http.AddBytes(bytesIn, bytesOut);
        Server?.Counters.AddBytes(bytesIn, bytesOut);
    }

    public void Queued(TimeSpan time, int ahead)
    {
        QueueTime = (QueueTime ?? TimeSpan.Zero) + time;
        Ahead = Math.Max(Ahead, ahead);
    }

    /// <summary>The request goes to a server now.</summary>
    public void Sending(Server server)
    {
        Server = server;
        _sentAt = Elapsed;
    }

    public void ResponseBegan()
    {
        _movedAt = Elapsed;
        ResponseTime = _movedAt - _sentAt;
    }

    private void Moved()
    {
        _movedAt = Elapsed;
        if (_movedAt - _accountedAt < AccountEvery)
            return;
        _accountedAt = _movedAt;
        Account();
    }
}
