using System.Globalization;

namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>Tells browsers to come by https only (RFC 6797). Immutable.</summary>
public sealed record HstsConfig
{
    /// <summary>How long they remember; 0 makes them forget. Default 180 days.</summary>
    public TimeSpan MaxAge { get; init; } = TimeSpan.FromDays(180);

    /// <summary>Whether it holds for all names below, too. Default false.</summary>
    public bool IncludeSubDomains { get; init; }

    /// <summary>Whether browsers may have it built in. Default false.</summary>
    public bool Preload { get; init; }

    /// <summary>The header's value.</summary>
    internal string ToHeader() => string.Create(CultureInfo.InvariantCulture, $"max-age={(long)MaxAge.TotalSeconds}")
        + (IncludeSubDomains ? "; includeSubDomains" : "") + (Preload ? "; preload" : "");
}
