using DbProxy.LoadBalancer.HttpMode.Requests;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>The request's id, and what every response over TLS says.</summary>
internal static class Identity
{
    private const int LongestId = 128;

    public static void Apply(HttpConfig config, Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        if (config.RequestIdHeader is { } name)
            headers[name] = exchange.RequestId ??= exchange.Header(name) is { } given && IsGood(given) ? given : Guid.NewGuid().ToString("N");
        if (config.Hsts is { } hsts && exchange.Http.Request.IsHttps)
            headers.StrictTransportSecurity = hsts.ToHeader();
    }

    /// <summary>It ends up in logs of many programs: only what is harmless in all of them.</summary>
    private static bool IsGood(string id) =>
        id.Length is > 0 and <= LongestId && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '=' or '+');
}
