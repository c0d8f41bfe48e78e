using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>
/// TLS of a frontend: which certificate a client is shown, and which are accepted of it, as the files are now. A changed
/// file counts for connections that come later; one that can't be used doesn't, and the old stays.
/// </summary>
public sealed class FrontendTlsStore : TlsStore
{
    private readonly FrontendTls _tls;
    private readonly string _side;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<WatchedFiles<OwnCertificate>> _files;
    private readonly WatchedFiles<X509Certificate2Collection>? _authorities;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly SslProtocols _versions;
    private CertificateSet _current;

    /// <summary>Reads all files.</summary>
    /// <param name="tls">The settings.</param>
    /// <param name="side">Where the certificates are shown, for logs and metrics.</param>
    /// <param name="time">The clock.</param>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A cipher suite's name is unknown, or a file holds no certificate.</exception>
    public FrontendTlsStore(FrontendTls tls, string side, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tls);
        ArgumentNullException.ThrowIfNull(time);
        (_tls, _side, _time) = (tls, side, time);
        _files = [.. tls.Certificates.Select(Watch)];
        _authorities = Authorities.Watch(tls.ClientCaFile);
        (_ciphers, _versions) = CipherSuiteNames.ToPolicy(tls.CipherSuites, tls.MinVersion);
        _current = new(_files.IsEmpty ? [OwnCertificate.CreateSelfSigned(time.GetUtcNow())] : [.. _files.Select(f => f.Current)]);
    }

    /// <inheritdoc/>
    public override IEnumerable<CertificateInUse> InUse =>
        Volatile.Read(ref _current).All.Select(c => new CertificateInUse(_side, c.Source, c.Certificate.Subject, c.Certificate.NotAfter));

    /// <summary>Whether clients are asked for a certificate.</summary>
    public bool AsksForCertificates => _tls.ClientCertificates != ClientCertificateMode.None;

    /// <summary>The server's side of TLS for a client that asks for a name; null: it asks for none. A new object each time,
    /// to which the caller may add what its protocol needs.</summary>
    public SslServerAuthenticationOptions For(string? serverName)
    {
        return new()
        {
            ServerCertificateContext = Volatile.Read(ref _current).For(serverName).Context,
            EnabledSslProtocols = _versions,
            CipherSuitesPolicy = _ciphers,
            ClientCertificateRequired = AsksForCertificates,
            RemoteCertificateValidationCallback = AsksForCertificates ? Accepts : null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            // A resumed session would bring the verdict of another time.
            AllowTlsResume = !AsksForCertificates,
        };
    }

    /// <inheritdoc/>
    public override FileChanges Refresh()
    {
        var changes = new FileChanges();
        for (var i = 0; i < _files.Length; i++)
            changes.Look(_files[i], _tls.Certificates[i].CertificateFile);
        if (changes.Renewed.Count > 0)
            Volatile.Write(ref _current, new([.. _files.Select(f => f.Current)]));
        changes.Look(_authorities, _tls.ClientCaFile);
        if (_files.IsEmpty && _current.All[0].EndsSoon(_time.GetUtcNow()))
        {
            Volatile.Write(ref _current, new([OwnCertificate.CreateSelfSigned(_time.GetUtcNow())]));
            changes.Renew(_current.All[0].Source);
        }
        return changes;
    }

    private bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is null
        ? _tls.ClientCertificates == ClientCertificateMode.Optional
        : ChainCheck.Accepts(certificate, chain, _authorities?.Current, isClient: true);

    internal static WatchedFiles<OwnCertificate> Watch(CertificateFiles files) => new(
        files.KeyFile is { } key ? [files.CertificateFile, key] : [files.CertificateFile],
        () => OwnCertificate.Load(files.CertificateFile, files.KeyFile));
}
