using DbProxy.LoadBalancer.HttpMode.Requests;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>The request's id, and what every response over TLS says.</summary>
internal sealed class Identity(HttpConfig config)
{
    private const int LongestId = 128;

    private readonly string? _hsts = config.Hsts?.ToHeader();

    public void Apply(Exchange exchange)
    {
        var headers = exchange.Http.Response.Headers;
        if (config.RequestIdHeader is { } name)
            headers[name] = exchange.RequestId ??= exchange.Header(name) is { } given && IsGood(given) ? given : Guid.NewGuid().ToString("N");
        if (_hsts is not null && exchange.Http.Request.IsHttps)
            headers.StrictTransportSecurity = _hsts;
    }

    /// <summary>It ends up in logs of many programs: only what is harmless in all of them.</summary>
    private static bool IsGood(string id) =>
        id.Length is > 0 and <= LongestId && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '=' or '+');
}
