using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Certificates;

namespace DbProxy.Core.Certificates;

/// <summary>
/// The certificates and authorities of both sides as they are on disk now. What changes there is used for connections
/// opened afterwards; what can't be used is not: the old stays.
/// </summary>
internal sealed class CertificateStore : IWatchedCertificates
{
    private readonly ServerTlsConfig _servers;
    private readonly ClientTlsConfig _clients;
    private readonly TimeProvider _time;
    private readonly WatchedFiles<OwnCertificate>? _forClients;
    private readonly WatchedFiles<OwnCertificate>? _forServers;
    private readonly WatchedFiles<X509Certificate2Collection>? _clientAuthorities;
    private readonly WatchedFiles<X509Certificate2Collection>? _serverAuthorities;
    private OwnCertificate? _selfSigned;

    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be.</exception>
    public CertificateStore(ProxyConfig config, TimeProvider time)
    {
        (_clients, _servers, _time) = (config.ClientTls, config.ServerTls, time);
        if (_clients.Mode != ClientTlsMode.Disabled)
        {
            _forClients = Own(_clients.CertificateFile, _clients.KeyFile);
            _selfSigned = _forClients is null ? OwnCertificate.CreateSelfSigned(time.GetUtcNow()) : null;
        }

        _forServers = Own(_servers.CertificateFile, _servers.KeyFile);
        _clientAuthorities = Authorities.Watch(_clients.CaFile);
        _serverAuthorities = Authorities.Watch(_servers.CaFile);
    }

    /// <summary>Certificates that servers showed.</summary>
    public PeerCertificates Seen { get; } = new();

    /// <summary>What clients are shown; null: TLS is disabled.</summary>
    public OwnCertificate? ForClients => _forClients?.Current ?? Volatile.Read(ref _selfSigned);

    /// <summary>What servers are shown; null: nothing.</summary>
    public OwnCertificate? ForServers => _forServers?.Current;

    /// <inheritdoc/>
    public IEnumerable<CertificateInUse> InUse =>
        [.. Own("clients", ForClients), .. Own("servers", ForServers), .. Seen.All];

    /// <summary>The proxy's side of a client's TLS. <paramref name="check"/> learns what the client showed.</summary>
    public SslServerAuthenticationOptions TowardsClient(ClientCertificateCheck check) => new()
    {
        ServerCertificateContext = ForClients!.Context,
        EnabledSslProtocols = From(_clients.MinVersion),
        ClientCertificateRequired = _clients.ClientCertificates != ClientCertificateMode.None,
        RemoteCertificateValidationCallback = check.Note,
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        // A resumed session would bring the verdict of another time.
        AllowTlsResume = _clients.ClientCertificates == ClientCertificateMode.None,
    };

    public ClientCertificateCheck NewClientCheck() => new(_clients.ClientCertificates, _clientAuthorities?.Current);

    /// <summary>The proxy's side of TLS with a server.</summary>
    public SslClientAuthenticationOptions TowardsServer(string host, string server) => new()
    {
        TargetHost = host,
        EnabledSslProtocols = From(_servers.MinVersion),
        ClientCertificateContext = ForServers?.Context,
        RemoteCertificateValidationCallback = (_, certificate, chain, errors) => AcceptServer(server, certificate, chain, errors),
        CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
    };

    /// <summary>Judges a server's certificate as the TLS mode says, and notes it.</summary>
    public bool AcceptServer(string server, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Seen.Note(server, certificate);
        // As every MySQL client in the lower modes: encrypted, but nobody vouches for the server.
        return _servers.Mode < ServerTlsMode.VerifyCa
            || (!(_servers.Mode == ServerTlsMode.VerifyFull && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                && ChainCheck.Accepts(certificate, chain, _serverAuthorities?.Current, isClient: false));
    }

    /// <inheritdoc/>
    public FileChanges Refresh()
    {
        var changes = new FileChanges();
        changes.Look(_forClients, _clients.CertificateFile);
        changes.Look(_forServers, _servers.CertificateFile);
        changes.Look(_clientAuthorities, _clients.CaFile);
        changes.Look(_serverAuthorities, _servers.CaFile);
        if (_selfSigned is { } own && own.EndsSoon(_time.GetUtcNow()))
        {
            Volatile.Write(ref _selfSigned, OwnCertificate.CreateSelfSigned(_time.GetUtcNow()));
            changes.Renew(own.Source);
        }

        return changes;
    }

    private static CertificateInUse[] Own(string side, OwnCertificate? own) =>
        own is null ? [] : [new(side, own.Source, own.Certificate.Subject, own.Certificate.NotAfter)];

    private static WatchedFiles<OwnCertificate>? Own(string? certificate, string? key) =>
        certificate is null || key is null ? null : new([certificate, key], () => OwnCertificate.Load(certificate, key));

    private static SslProtocols From(TlsVersion oldest) =>
        oldest == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
}
