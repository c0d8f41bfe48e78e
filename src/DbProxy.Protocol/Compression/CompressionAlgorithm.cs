namespace DbProxy.Protocol.Compression;

/// <summary>How the packets of a connection are compressed once its login has ended.</summary>
public enum CompressionAlgorithm
{
    /// <summary>Not at all.</summary>
    None,

    /// <summary>zlib (RFC 1950): <see cref="Capabilities.Compress"/>, known to every server and client.</summary>
    Zlib,

    /// <summary>Zstandard (RFC 8878): <see cref="Capabilities.ZstdCompression"/>, known to MySQL 8.0.18 and later.</summary>
    Zstd,
}
