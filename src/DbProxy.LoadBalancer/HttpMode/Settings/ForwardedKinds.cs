namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>Headers that tell a server about the client behind the proxy.</summary>
[Flags]
public enum ForwardedKinds
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>X-Forwarded-For</c>, <c>X-Forwarded-Proto</c> and <c>X-Forwarded-Host</c>.</summary>
    XForwarded = 1,

    /// <summary><c>Forwarded</c> (RFC 7239).</summary>
    Forwarded = 2,
}
