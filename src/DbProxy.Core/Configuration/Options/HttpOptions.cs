using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.Core.Configuration;

/// <summary>What only frontends in http mode have.</summary>
public sealed class HttpOptions
{
    /// <summary>Networks of proxies whose X-Forwarded-* and Forwarded headers are believed; others' are replaced.</summary>
    public List<string> TrustedProxies { get; set; } = [];

    /// <summary>Whether servers are told of the client by X-Forwarded-For, -Proto and -Host.</summary>
    public bool XForwarded { get; set; } = true;

    /// <summary>Whether servers are told of the client by Forwarded (RFC 7239).</summary>
    public bool Forwarded { get; set; }

    /// <summary>The header with the request's id, taken from the client or made; null: none.</summary>
    public string? RequestIdHeader { get; set; } = "X-Request-Id";

    /// <summary>Changes to the headers of requests to servers, in order.</summary>
    public List<HeaderOptions> RequestHeaders { get; set; } = [];

    /// <summary>Changes to the headers of servers' responses, in order.</summary>
    public List<HeaderOptions> ResponseHeaders { get; set; } = [];

    /// <summary>Requests that are answered here: redirects, fixed responses. The first that matches counts.</summary>
    public List<AnswerOptions> Answers { get; set; } = [];

    /// <summary>The https port to which requests without TLS are redirected (308); 0: they are not.</summary>
    [Allowed("0", "65535")]
    public int HttpsRedirectPort { get; set; }

    /// <summary>How long browsers remember to come by https only (HSTS); 0s: they are not told.</summary>
    /// <remarks>Until it is over the site can't go back to http.</remarks>
    [Allowed("0s", "3650d")]
    public TimeSpan HstsMaxAge { get; set; }

    /// <summary>Whether HSTS holds for all names below, too.</summary>
    public bool HstsSubDomains { get; set; }

    /// <summary>Own pages for errors that are made here, except for what is no good HTTP request (400, 408, 414, 431).</summary>
    public List<ErrorPageOptions> ErrorPages { get; set; } = [];

    /// <summary>Whether responses that the server left uncompressed are compressed for clients that ask for it.</summary>
    /// <remarks>Over TLS a page that holds a secret and repeats what the client sent can be guessed from its sizes (BREACH).</remarks>
    public bool Compression { get; set; }

    /// <summary>Cookies that keep a client at its server.</summary>
    public List<CookieOptions> Cookies { get; set; } = [];

    /// <summary>Names of backends whose servers are spoken to in HTTP/2, as gRPC needs it; without TLS as h2c. Clients need TLS for HTTP/2.</summary>
    public List<string> Http2Backends { get; set; } = [];

    /// <summary>How many requests one source may make.</summary>
    public RateOptions RequestRate { get; set; } = new();

    /// <summary>From a request's first byte to the end of its headers; it ends a slow-loris.</summary>
    [Allowed("100ms", "10m")]
    public TimeSpan RequestHeadersTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long a client's connection may wait for its next request.</summary>
    [Allowed("100ms", "1d")]
    public TimeSpan KeepAliveTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long a server may let wait for the response, then for each further piece.</summary>
    [Allowed("10ms", "1d")]
    public TimeSpan ServerTimeout { get; set; } = TimeSpan.FromSeconds(60);

    /// <summary>How long an upgraded connection (WebSocket) may be silent in both directions.</summary>
    [Allowed("1s", "30d")]
    public TimeSpan TunnelTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>The largest request body; 0B: any, as bodies are streamed.</summary>
    [Allowed("0B", "1024GiB")]
    public ByteSize MaxBody { get; set; }

    /// <summary>All request headers together.</summary>
    [Allowed("1KiB", "16MiB")]
    public ByteSize MaxHeaders { get; set; } = new(32 << 10);

    /// <summary>Bytes a second that a client must send a body and read a response with, after 5 s; 0: any.</summary>
    [Allowed("0", "1000000000")]
    public int MinRate { get; set; } = 240;

    /// <summary>Whether each request is logged with one line.</summary>
    public bool Log { get; set; } = true;
}

/// <summary>A change to a header.</summary>
public sealed class HeaderOptions
{
    /// <summary>What is done.</summary>
    public HeaderAction Action { get; set; } = HeaderAction.Set;

    /// <summary>The header.</summary>
    [DefaultText("required"), Example("X-Frame-Options")]
    public string? Name { get; set; }

    /// <summary>Its value.</summary>
    public string Value { get; set; } = "";
}

/// <summary>A request that is answered without a server.</summary>
public sealed class AnswerOptions : MatchOptions
{
    /// <summary>The name in logs.</summary>
    [DefaultText("its number"), Example("maintenance")]
    public string? Name { get; set; }

    /// <summary>The status.</summary>
    [Allowed("200", "599")]
    public int Status { get; set; } = 302;

    /// <summary>Where to, for a redirect; {scheme}, {host}, {path} and {query} stand for those of the request.</summary>
    [Example("https://www.example.org{path}{query}")]
    public string? Location { get; set; }

    /// <summary>The body.</summary>
    public string Body { get; set; } = "";

    /// <summary>The body's type.</summary>
    public string ContentType { get; set; } = "text/html; charset=utf-8";
}

/// <summary>A page for an error that is made here.</summary>
public sealed class ErrorPageOptions
{
    /// <summary>The status.</summary>
    [Allowed("400", "599")]
    public int Status { get; set; } = 503;

    /// <summary>The file with the page, HTML in UTF-8.</summary>
    [DefaultText("required"), Example("/etc/dbproxy/503.html")]
    public string? File { get; set; }
}

/// <summary>A cookie that brings a client back to its server.</summary>
public sealed class CookieOptions
{
    /// <summary>The name of the backend.</summary>
    [DefaultText("required"), Example("app")]
    public string? Backend { get; set; }

    /// <summary>The cookie's name.</summary>
    public string Name { get; set; } = "SERVERID";

    /// <summary>Whether its value is a hash of the server's name instead of the name.</summary>
    public bool Hashed { get; set; }
}
