using System.Collections.Frozen;
using System.Collections.Immutable;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>The settings of http mode.</summary>
internal sealed class HttpBuilder(MistakeList mistakes, MatchBuilder matches, string path)
{
    // RFC 9110 5.6.2: what a header's or cookie's name may consist of.
    private static readonly System.Buffers.SearchValues<char> _token = System.Buffers.SearchValues.Create(
        "!#$%&'*+-.^_`|~0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz");

    public HttpConfig Build(HttpOptions options, ICollection<string> backends) => new()
    {
        TrustedProxies = matches.Networks($"{path}.TrustedProxies", options.TrustedProxies),
        Forwarded = (options.XForwarded ? ForwardedKinds.XForwarded : 0) | (options.Forwarded ? ForwardedKinds.Forwarded : 0),
        RequestIdHeader = options.RequestIdHeader is { } name ? Token($"{path}.RequestIdHeader", name) : null,
        RequestHeaders = Headers("RequestHeaders", options.RequestHeaders),
        ResponseHeaders = Headers("ResponseHeaders", options.ResponseHeaders),
        Answers = [.. options.Answers.Select((a, i) => Answer(a, i))],
        HttpsRedirectPort = options.HttpsRedirectPort == 0 ? null : options.HttpsRedirectPort,
        Hsts = options.HstsMaxAge == TimeSpan.Zero ? null : new() { MaxAge = options.HstsMaxAge, IncludeSubDomains = options.HstsSubDomains },
        ErrorPages = Pages(options.ErrorPages),
        Compression = options.Compression ? new() : null,
        Cookies = Cookies(options.Cookies, backends),
        Http2Backends = Known("Http2Backends", options.Http2Backends, backends),
        RequestRate = FrontEndBuilder.Rate(options.RequestRate),
        Timeouts = new()
        {
            RequestHeaders = options.RequestHeadersTimeout, KeepAlive = options.KeepAliveTimeout, Server = options.ServerTimeout,
            Tunnel = options.TunnelTimeout,
        },
        Limits = new()
        {
            MaxBody = options.MaxBody.Bytes == 0 ? null : options.MaxBody.Bytes, MaxHeaders = (int)options.MaxHeaders.Bytes,
            MinRequestRate = options.MinRate, MinResponseRate = options.MinRate,
        },
        Log = options.Log,
    };

    private AnswerRule Answer(AnswerOptions options, int index)
    {
        var at = $"{path}.Answers[{index}]";
        if (options is { Status: >= 300 and < 400 and not 304, Location: null })
            mistakes.Add($"{at}.Location", $"missing; a redirect ({options.Status}) needs it");
        return new()
        {
            Name = options.Name ?? $"answer {index + 1}", Match = matches.Build(at, options, FrontendMode.Http), Status = options.Status,
            Location = options.Location, Body = options.Body, ContentType = options.ContentType,
        };
    }

    private ImmutableArray<HeaderRule> Headers(string key, List<HeaderOptions> options) =>
        [.. options.Select((h, i) => new HeaderRule(h.Action, Token($"{path}.{key}[{i}].Name", h.Name), Value($"{path}.{key}[{i}].Value", h.Value)))];

    private FrozenDictionary<string, CookieConfig> Cookies(List<CookieOptions> options, ICollection<string> backends)
    {
        var cookies = new Dictionary<string, CookieConfig>(StringComparer.Ordinal);
        for (var i = 0; i < options.Count; i++)
        {
            FrontEndBuilder.CheckBackend(mistakes, $"{path}.Cookies[{i}].Backend", options[i].Backend ?? "", backends);
            if (!cookies.TryAdd(options[i].Backend ?? "", new() { Name = Token($"{path}.Cookies[{i}].Name", options[i].Name), Hashed = options[i].Hashed }))
                mistakes.Add($"{path}.Cookies[{i}].Backend", $"\"{options[i].Backend}\" has a cookie already");
        }
        return cookies.ToFrozenDictionary(StringComparer.Ordinal);
    }

    private FrozenSet<string> Known(string key, List<string> names, ICollection<string> backends)
    {
        for (var i = 0; i < names.Count; i++)
            FrontEndBuilder.CheckBackend(mistakes, $"{path}.{key}[{i}]", names[i], backends);
        return names.ToFrozenSet(StringComparer.Ordinal);
    }

    private FrozenDictionary<int, ErrorPage> Pages(List<ErrorPageOptions> options)
    {
        var pages = new Dictionary<int, ErrorPage>();
        for (var i = 0; i < options.Count; i++)
        {
            var (at, file) = ($"{path}.ErrorPages[{i}].File", options[i].File);
            try
            {
                if (file is null)
                    mistakes.Add(at, "missing; write the file with the page");
                else
                    pages[options[i].Status] = new(File.ReadAllText(file));
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
            {
                mistakes.Add(at, FileProblem.Describe(file!, e));
            }
        }
        return pages.ToFrozenDictionary();
    }

    private string Token(string at, string? name)
    {
        if (string.IsNullOrEmpty(name))
            mistakes.Add(at, "missing; write the name");
        else if (name.AsSpan().ContainsAnyExcept(_token))
            mistakes.Add(at, $"\"{name}\" is not a name; use letters, digits and -");
        return name ?? "";
    }

    private string Value(string at, string value)
    {
        if (value.AsSpan().ContainsAny('\r', '\n', '\0'))
            mistakes.Add(at, "a header's value has no line ends");
        return value;
    }
}
