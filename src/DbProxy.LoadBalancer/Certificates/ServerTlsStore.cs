using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DbProxy.LoadBalancer.Backends;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>TLS towards a backend's servers, with the files as they are now.</summary>
public sealed class ServerTlsStore : TlsStore
{
    private readonly ServerTls _tls;
    private readonly string _backend;
    private readonly WatchedFiles<OwnCertificate>? _own;
    private readonly WatchedFiles<X509Certificate2Collection>? _authorities;

    /// <summary>Reads all files.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    public ServerTlsStore(ServerTls tls, string backend)
    {
        ArgumentNullException.ThrowIfNull(tls);
        (_tls, _backend) = (tls, backend);
        _own = tls.Certificate is { } files ? FrontendTlsStore.Watch(files) : null;
        _authorities = Authorities.Watch(tls.CaFile);
    }

    /// <inheritdoc/>
    public override IEnumerable<CertificateInUse> InUse => _own?.Current is { } own
        ? [new($"backend {_backend}", own.Source, own.Certificate.Subject, own.Certificate.NotAfter)] : [];

    /// <summary>The client's side of TLS with a server.</summary>
    /// <param name="host">The server's host, for what has no name of its own configured.</param>
    /// <param name="protocol">What is spoken inside; null: nothing is said of it.</param>
    public SslClientAuthenticationOptions For(string host, SslApplicationProtocol? protocol = null) => new()
    {
        TargetHost = _tls.ServerName ?? host,
        ApplicationProtocols = protocol is { } one ? [one] : null,
        EnabledSslProtocols = _tls.MinVersion == SslProtocols.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13,
        ClientCertificateContext = _own?.Current.Context,
        RemoteCertificateValidationCallback = (_, certificate, chain, _) => Accepts(_tls.ServerName ?? host, certificate, chain),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <inheritdoc/>
    public override FileChanges Refresh()
    {
        var changes = new FileChanges();
        changes.Look(_own, _tls.Certificate?.CertificateFile);
        changes.Look(_authorities, _tls.CaFile);
        return changes;
    }

    /// <exception cref="AuthenticationException">Says why not: that of false would not.</exception>
    private bool Accepts(string host, X509Certificate? certificate, X509Chain? chain) =>
        _tls.Verify == ServerVerification.None
        || (Mistrust.Of(certificate, chain, _authorities?.Current, _tls.Verify == ServerVerification.Identity ? host : null) is not { } mistrust
            ? true : throw new AuthenticationException(mistrust));
}
