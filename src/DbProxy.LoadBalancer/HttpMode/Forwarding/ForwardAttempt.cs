using System.Net;
using System.Net.Security;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.ProxyProtocol;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>One try of a request with one server, as both are now: a connection may be opened for it when both have changed.</summary>
internal sealed class ForwardAttempt(Exchange exchange, Backend backend, Server server, bool isHttp2)
{
    private readonly ServerConfig _to = server.Config;
    private readonly ServerLink _link = backend.Link;
    private readonly (IPEndPoint? Client, IPEndPoint? Local) _ends =
        backend.Link.Header == ProxyHeaderVersion.None ? default : (exchange.PeerEndPoint, exchange.LocalEndPoint);

    public Exchange Exchange => exchange;

    public Backend Backend => backend;

    /// <summary>The server's address, for requests that have no Host of their own.</summary>
    public string Host => $"{(_to.Host.Contains(':', StringComparison.Ordinal) ? $"[{_to.Host}]" : _to.Host)}:{_to.Port}";

    /// <summary>
    /// Scheme and authority of the request's URI. Nobody looks them up or sends them: .NET's client keeps connections apart by
    /// them, and the connections of this server must not serve another backend's requests, which may have other TLS settings,
    /// nor, where the PROXY header names one client, another client's. TLS is made in the connect callback; to .NET's client it
    /// is https only for HTTP/2, where the scheme is sent, because it keeps https connections apart by the Host header, too.
    /// </summary>
    public string Prefix()
    {
        if (_link.Tls is null && _ends.Client is null)
            return $"http://{Host}/";
        var scheme = _link.Tls is not null && isHttp2 ? "https" : "http";
        var client = _ends.Client is null ? "" : $"{exchange.Http.Connection.Id}.";
        return $"{scheme}://{client}link-{_link.Id}.at-{_to.Host.Replace(':', '-').Replace('%', '-')}:{_to.Port}/";
    }

    /// <summary>Opens a connection to the server.</summary>
    public Task<Stream> ConnectAsync(CancellationToken stopping) =>
        _link.Dial(_to, _ends.Client, _ends.Local, isHttp2 ? SslApplicationProtocol.Http2 : SslApplicationProtocol.Http11).OpenStreamAsync(stopping);
}
