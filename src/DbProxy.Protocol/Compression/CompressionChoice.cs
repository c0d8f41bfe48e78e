namespace DbProxy.Protocol.Compression;

/// <summary>What the capability flags say about compression.</summary>
public static class CompressionChoice
{
    /// <summary>The flags of both algorithms.</summary>
    public const Capabilities Flags = Capabilities.Compress | Capabilities.ZstdCompression;

    /// <summary>zlib's level where nothing else is asked for: its own default, and that of the servers.</summary>
    public const int ZlibLevel = 6;

    /// <summary>Zstandard's level where nothing else is asked for, as in MySQL's protocol.</summary>
    public const int ZstdLevel = 3;

    /// <summary>Zstandard's highest level.</summary>
    public const int MaxZstdLevel = 22;

    /// <summary>What a connection with these flags uses. Both set means zlib: MySQL's servers and clients agree on that.</summary>
    public static CompressionAlgorithm Of(Capabilities negotiated) =>
        negotiated.HasFlag(Capabilities.Compress) ? CompressionAlgorithm.Zlib
        : negotiated.HasFlag(Capabilities.ZstdCompression) ? CompressionAlgorithm.Zstd
        : CompressionAlgorithm.None;

    /// <summary>The flag to ask a server for: the wish if it is offered, else zlib if that is, else none.</summary>
    /// <param name="wish">What is wished for.</param>
    /// <param name="offered">What the server announced.</param>
    public static Capabilities Ask(CompressionAlgorithm wish, Capabilities offered) => wish switch
    {
        CompressionAlgorithm.None => Capabilities.None,
        CompressionAlgorithm.Zstd when offered.HasFlag(Capabilities.ZstdCompression) => Capabilities.ZstdCompression,
        _ => offered & Capabilities.Compress,
    };
}
