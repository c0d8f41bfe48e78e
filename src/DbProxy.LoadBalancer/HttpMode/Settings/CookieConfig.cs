using Microsoft.AspNetCore.Http;

namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>A cookie that brings a client back to its server. Immutable.</summary>
public sealed record CookieConfig
{
    /// <summary>Its name. Default SERVERID.</summary>
    public string Name { get; init; } = "SERVERID";

    /// <summary>Whether the value is a hash of the server's name instead of the name, which tells nobody about the servers.
    /// Default false.</summary>
    public bool Hashed { get; init; }

    /// <summary>Whether it is kept from scripts. Default true.</summary>
    public bool HttpOnly { get; init; } = true;

    /// <summary>Whether it goes over TLS only; null, the default: where the client came over TLS.</summary>
    public bool? Secure { get; init; }

    /// <summary>Whether it goes along with requests from other sites. Default Lax.</summary>
    public SameSiteMode SameSite { get; init; } = SameSiteMode.Lax;

    /// <summary>The paths that it is for. Default /.</summary>
    public string Path { get; init; } = "/";

    /// <summary>The domain that it is for; null, the default: the request's host only.</summary>
    public string? Domain { get; init; }
}
