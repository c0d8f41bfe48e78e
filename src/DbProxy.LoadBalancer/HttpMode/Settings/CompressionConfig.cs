using System.Collections.Immutable;

namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>Compression (br, gzip) of responses that the server left uncompressed, for clients that ask for it. Immutable.</summary>
public sealed record CompressionConfig
{
    /// <summary>The content types that are compressed.</summary>
    public ImmutableArray<string> Types { get; init; } =
        ["text/html", "text/css", "text/plain", "text/xml", "text/javascript", "application/javascript", "application/json", "application/xml", "image/svg+xml"];
}
