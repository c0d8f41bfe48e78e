using DbProxy.Protocol.Auth;

namespace DbProxy.Protocol.Login;

/// <summary>How the proxy presents itself to a client. Immutable.</summary>
public sealed record ClientLoginOptions
{
    /// <summary>The version to announce, with MariaDB's prefix where it applies.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The session's id, the proxy's own.</summary>
    public required uint ConnectionId { get; init; }

    /// <summary>
    /// What the proxy honours. The machine adds what its login needs and <see cref="Capabilities.Ssl"/> as
    /// <see cref="TlsAvailable"/> says. Without <see cref="Capabilities.LongPassword"/> MariaDB's half is announced too.
    /// </summary>
    public required Capabilities Announced { get; init; }

    /// <summary>The RSA key for clients without TLS.</summary>
    public required RsaKeyPair Rsa { get; init; }

    /// <summary>The default collation to announce. Default 45, utf8mb4_general_ci.</summary>
    public byte CollationId { get; init; } = ServerLoginOptions.DefaultCollationId;

    /// <summary>The status to announce. Default autocommit.</summary>
    public ServerStatus Status { get; init; } = ServerStatus.AutoCommit;

    /// <summary>Can the caller do TLS (has it a certificate)? Default false.</summary>
    public bool TlsAvailable { get; init; }

    /// <summary>Are clients without TLS refused (error 3159)? Default false.</summary>
    public bool TlsRequired { get; init; }

    /// <summary>The transport needs no TLS to be secret (Unix domain socket). Default false.</summary>
    public bool IsSecureTransport { get; init; }

    /// <summary>The client's address for "Access denied for user 'u'@'address'". Default "%".</summary>
    public string ClientAddress { get; init; } = "%";
}
