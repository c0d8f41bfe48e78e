using System.Security.Authentication;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>What is checked of a server's certificate.</summary>
public enum ServerVerification
{
    /// <summary>Nothing: encrypted, but nobody vouches for the server.</summary>
    None,

    /// <summary>A known authority signed it.</summary>
    Authority,

    /// <summary>A known authority signed it, and it names the server.</summary>
    Identity,
}

/// <summary>TLS towards the servers of a backend. Immutable.</summary>
public sealed record ServerTls
{
    /// <summary>What is checked. Default Identity.</summary>
    public ServerVerification Verify { get; init; } = ServerVerification.Identity;

    /// <summary>The accepted authorities, in PEM form; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>The name asked for (SNI) and checked; null: the server's host.</summary>
    public string? ServerName { get; init; }

    /// <summary>The certificate shown to servers that ask for one; null: none.</summary>
    public CertificateFiles? Certificate { get; init; }

    /// <summary>The oldest version: TLS 1.2 (the default) or 1.3.</summary>
    public SslProtocols MinVersion { get; init; } = SslProtocols.Tls12;
}
