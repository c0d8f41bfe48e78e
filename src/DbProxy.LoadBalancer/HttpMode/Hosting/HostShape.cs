using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Settings;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>What a running Kestrel can't change.</summary>
/// <param name="IsTls">Whether TLS ends there.</param>
/// <param name="HandshakeTimeout">How long a TLS handshake may take.</param>
/// <param name="Compression">What it compresses; null: nothing.</param>
internal sealed record HostShape(bool IsTls, TimeSpan HandshakeTimeout, CompressionConfig? Compression)
{
    public static HostShape Of(FrontendConfig frontend, HttpConfig http) =>
        new(frontend.Tls is not null, frontend.Tls is null ? TimeSpan.Zero : frontend.HandshakeTimeout, http.Compression);
}
