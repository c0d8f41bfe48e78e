using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Login;

/// <summary>With what and how to log in to a server. Immutable.</summary>
public sealed record ServerLoginOptions
{
    /// <summary>utf8mb4_general_ci, which MySQL and MariaDB of every version know by this number.</summary>
    public const byte DefaultCollationId = 45;

    /// <summary>The user's name, UTF-8.</summary>
    public required ReadOnlyMemory<byte> User { get; init; }

    /// <summary>The password, UTF-8; empty for none.</summary>
    public ReadOnlyMemory<byte> Password { get; init; }

    /// <summary>The schema to start in; empty for none.</summary>
    public ReadOnlyMemory<byte> Schema { get; init; }

    /// <summary>
    /// Capabilities wished for. What the server lacks is dropped; what a login needs is added; compression is negotiated
    /// only as <see cref="Compression"/> says.
    /// </summary>
    public Capabilities Capabilities { get; init; }

    /// <summary>
    /// Compression to ask for, where the server offers it: see <see cref="CompressionChoice.Ask"/>. It begins behind the
    /// packet that ends the login. Default none.
    /// </summary>
    public CompressionAlgorithm Compression { get; init; }

    /// <summary>The level that the server is asked to use with Zstandard, 1 to 22. Default 3.</summary>
    public int ZstdLevel { get; init; } = CompressionChoice.ZstdLevel;

    /// <summary>The connection's collation (low byte). Default <see cref="DefaultCollationId"/>.</summary>
    public byte CollationId { get; init; } = DefaultCollationId;

    /// <summary>The largest packet that the proxy will take, in bytes. Default 1 GiB, the protocol's limit.</summary>
    public uint MaxPacketSize { get; init; } = 1 << 30;

    /// <summary>Connection attributes to pass on.</summary>
    public ConnectionAttributes Attributes { get; init; }

    /// <summary>TLS or not. Default <see cref="TlsMode.Preferred"/>.</summary>
    public TlsMode Tls { get; init; } = TlsMode.Preferred;

    /// <summary>The transport needs no TLS to be secret (Unix domain socket). Default false.</summary>
    public bool IsSecureTransport { get; init; }

    /// <summary>
    /// Without TLS, may the server be asked for the RSA key? Default true. Risk: an attacker who can change packets may
    /// send a key of his own and read the password; <see cref="ServerPublicKeyPem"/> or TLS prevent it.
    /// </summary>
    public bool AllowPublicKeyRetrieval { get; init; } = true;

    /// <summary>The server's RSA public key as PEM text, so that it needn't be asked for. Default null.</summary>
    public byte[]? ServerPublicKeyPem { get; init; }

    /// <summary>
    /// May the password be sent by mysql_clear_password (over a secure transport only)? Default false: a server that was
    /// taken over could ask for it.
    /// </summary>
    public bool AllowClearPassword { get; init; }
}
