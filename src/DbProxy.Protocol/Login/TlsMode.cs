namespace DbProxy.Protocol.Login;

/// <summary>Whether to ask a server for TLS.</summary>
public enum TlsMode
{
    /// <summary>Never.</summary>
    Disabled,

    /// <summary>When the server offers it. Protects from listeners, not from an attacker who removes the offer.</summary>
    Preferred,

    /// <summary>Always; a server that doesn't offer it is an error.</summary>
    Required,
}
