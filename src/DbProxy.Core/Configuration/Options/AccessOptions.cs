using DbProxy.LoadBalancer.Rules;

namespace DbProxy.Core.Configuration;

/// <summary>What a rule is about: all that is written must hold, and of each list one value.</summary>
public abstract class MatchOptions
{
    /// <summary>Networks that the client is in, such as 10.0.0.0/8 or 2001:db8::/32; a single address too.</summary>
    [Example("10.0.0.0/8")]
    public List<string> Sources { get; set; } = [];

    /// <summary>Hosts asked for, in tcp mode the server names of TLS; *.example.org stands for every host below.</summary>
    public List<string> Hosts { get; set; } = [];

    /// <summary>In http mode: what the path begins with.</summary>
    public List<string> PathPrefixes { get; set; } = [];

    /// <summary>In http mode: a regular expression that the path contains.</summary>
    [Example("\\.(php|cgi)$")]
    public string? PathPattern { get; set; }

    /// <summary>In http mode: methods.</summary>
    public List<string> Methods { get; set; } = [];

    /// <summary>In http mode: headers and regular expressions that their values contain.</summary>
    public Dictionary<string, string> Headers { get; set; } = [];

    /// <summary>A regular expression that the subject of the client's certificate contains.</summary>
    [Example("O=Operations")]
    public string? CertificateSubject { get; set; }
}

/// <summary>A rule of who may pass.</summary>
public sealed class AccessOptions : MatchOptions
{
    /// <summary>The name in logs and counters.</summary>
    [DefaultText("its number"), Example("office only")]
    public string? Name { get; set; }

    /// <summary>What happens to what matches.</summary>
    public AccessAction Action { get; set; } = AccessAction.Deny;
}

/// <summary>A rule of what goes where.</summary>
public sealed class RouteOptions : MatchOptions
{
    /// <summary>The name of the backend.</summary>
    [DefaultText("required"), Example("api")]
    public string? Backend { get; set; }
}

/// <summary>How much one source may do in a time. IPv6 sources count by their /64.</summary>
public sealed class RateOptions
{
    /// <summary>How many; 0: any number.</summary>
    [Allowed("0", "1000000")]
    public int Permits { get; set; }

    /// <summary>In which time.</summary>
    [Allowed("100ms", "1d")]
    public TimeSpan Window { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>What happens to what is beyond.</summary>
    public AccessAction Action { get; set; } = AccessAction.Deny;
}
