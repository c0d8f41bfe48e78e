using DbProxy.Protocol.Compression;

namespace DbProxy.Core.Configuration;

/// <summary>Compression between the proxy and the servers.</summary>
public sealed class ServerCompressionOptions
{
    /// <summary>
    /// What to ask servers for. One that doesn't offer Zstd (every MariaDB) is asked for Zlib, and one that offers
    /// neither is used without compression.
    /// </summary>
    /// <remarks>It costs more CPU, here and on the servers, than it saves on anything but a slow or metered network.</remarks>
    public CompressionAlgorithm Algorithm { get; set; } = CompressionAlgorithm.None;

    /// <summary>The level with Zstd, in both directions; Zlib always uses level 6.</summary>
    [Allowed("1", "22")]
    public int ZstdLevel { get; set; } = CompressionChoice.ZstdLevel;
}
