using Microsoft.AspNetCore.Http.Features;

namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>Counts the bytes of a WebSocket that begins with an HTTP/1.1 upgrade.</summary>
internal sealed class CountedUpgrade(IHttpUpgradeFeature inner, Exchange exchange) : IHttpUpgradeFeature
{
    public bool IsUpgradableRequest => inner.IsUpgradableRequest;

    public async Task<Stream> UpgradeAsync() => new CountedStream(await inner.UpgradeAsync(), exchange);
}

/// <summary>Counts the bytes of a WebSocket in an HTTP/2 stream (RFC 8441).</summary>
internal sealed class CountedConnect(IHttpExtendedConnectFeature inner, Exchange exchange) : IHttpExtendedConnectFeature
{
    public bool IsExtendedConnect => inner.IsExtendedConnect;

    public string? Protocol => inner.Protocol;

    public async ValueTask<Stream> AcceptAsync() => new CountedStream(await inner.AcceptAsync(), exchange);
}
