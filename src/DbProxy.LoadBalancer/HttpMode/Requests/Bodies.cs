using Microsoft.AspNetCore.Http.Features;

namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>Puts the counting streams around those of a request.</summary>
internal static class Bodies
{
    /// <summary>Whether the request asks for a tunnel: a WebSocket in HTTP/1.1 or in HTTP/2.</summary>
    public static bool IsTunnel(IFeatureCollection features) =>
        features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } || features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true };

    public static void Count(Exchange exchange)
    {
        var features = exchange.Http.Features;
        if (features.Get<IHttpResponseBodyFeature>() is { } response)
            features.Set<IHttpResponseBodyFeature>(new CountedResponse(response, exchange));
        if (features.Get<IHttpUpgradeFeature>() is { IsUpgradableRequest: true } upgrade)
            features.Set<IHttpUpgradeFeature>(new CountedUpgrade(upgrade, exchange));
        else if (features.Get<IHttpExtendedConnectFeature>() is { IsExtendedConnect: true } connect)
            features.Set<IHttpExtendedConnectFeature>(new CountedConnect(connect, exchange));
        else if (features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true })
            exchange.Http.Request.Body = new CountedStream(exchange.Http.Request.Body, exchange);
    }
}
