using DbProxy.Protocol.Compression;

namespace DbProxy.Core.Configuration;

/// <summary>Compression between the proxy and the servers; see <see cref="ServerCompressionOptions"/>.</summary>
public sealed record ServerCompressionConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public ServerCompressionConfig(ServerCompressionOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Algorithm = options.Algorithm;
        ZstdLevel = options.ZstdLevel;
    }

    /// <inheritdoc cref="ServerCompressionOptions.Algorithm"/>
    public CompressionAlgorithm Algorithm { get; init; }

    /// <inheritdoc cref="ServerCompressionOptions.ZstdLevel"/>
    public int ZstdLevel { get; init; }
}
