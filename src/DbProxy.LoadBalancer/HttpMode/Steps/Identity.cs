using System.Globalization;
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
            headers[name] = exchange.RequestId ??= exchange.Header(name) is { } given && IsGood(given) ? given : NewId();
        if (_hsts is not null && exchange.Scheme == "https")
            headers.StrictTransportSecurity = _hsts;
    }

    /// <summary>Unique, but no secret: random bytes of the system would cost a call of it for each request.</summary>
    private static string NewId() => string.Create(32, (Random.Shared.NextInt64(), Random.Shared.NextInt64()), static (text, id) =>
    {
        id.Item1.TryFormat(text, out _, "x16", CultureInfo.InvariantCulture);
        id.Item2.TryFormat(text[16..], out _, "x16", CultureInfo.InvariantCulture);
    });

    /// <summary>It ends up in logs of many programs: only what is harmless in all of them.</summary>
    private static bool IsGood(string id) =>
        id.Length is > 0 and <= LongestId && id.All(static c => char.IsAsciiLetterOrDigit(c) || c is '-' or '_' or '.' or ':' or '/' or '=' or '+');
}
