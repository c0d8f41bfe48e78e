using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.Core.Certificates;

/// <summary>
/// The certificates and authorities of both sides as they are on disk now. What changes there is used for connections
/// opened afterwards; what can't be used is not: the old stays.
/// </summary>
internal sealed class CertificateStore : IWatchedCertificates
{
    private readonly TimeProvider _time;
    private volatile ClientSide _clients;
    private volatile ServerSide _servers;
    private OwnCertificate? _selfSigned;

    /// <exception cref="CryptographicException">A file is not what it should be.</exception>
    public CertificateStore(ProxyConfig config, TimeProvider time)
    {
        _time = time;
        _clients = Load(config.ClientTls);
        _selfSigned = SelfSignedFor(_clients);
        _servers = Load(config.ServerTls);
    }

    /// <summary>Certificates that servers showed.</summary>
    public PeerCertificates Seen { get; } = new();

    /// <summary>What clients are shown; null: TLS is disabled.</summary>
    public OwnCertificate? ForClients => OwnOf(_clients);

    /// <summary>What servers are shown; null: nothing.</summary>
    public OwnCertificate? ForServers => _servers.Own?.Current;

    /// <inheritdoc/>
    public IEnumerable<CertificateInUse> InUse =>
        [.. Own("clients", ForClients), .. Own("servers", ForServers), .. Seen.All];

    /// <summary>Reads what another configuration of the clients' side names; it counts for logins that come later.</summary>
    /// <exception cref="ConfigException">A file can't be read or used.</exception>
    public IPreparedChange Prepare(ClientTlsConfig config)
    {
        if (config == _clients.Config)
        {
            return new ChangeSet();
        }

        try
        {
            ClientSide next = Load(config);
            OwnCertificate? selfSigned = SelfSignedFor(next);
            return new PreparedChange(() =>
            {
                Volatile.Write(ref _selfSigned, selfSigned);
                _clients = next;
            });
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new ConfigException([new("", nameof(ProxyOptions.ClientTls), e.Message)]);
        }
    }

    /// <summary>Reads what another configuration of the servers' side names; it counts for connections that are opened later.</summary>
    /// <exception cref="ConfigException">A file can't be read or used.</exception>
    public IPreparedChange Prepare(ServerTlsConfig config)
    {
        if (config == _servers.Config)
        {
            return new ChangeSet();
        }

        try
        {
            ServerSide next = Load(config);
            return new PreparedChange(() => _servers = next);
        }
        catch (Exception e) when (IsUnusable(e))
        {
            throw new ConfigException([new("", nameof(ProxyOptions.ServerTls), e.Message)]);
        }
    }

    private static bool IsUnusable(Exception e) => e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException;

    /// <summary>The proxy's side of a client's TLS. <paramref name="check"/> learns what the client showed.</summary>
    /// <exception cref="AuthenticationException">TLS has been disabled since the client was offered it.</exception>
    public SslServerAuthenticationOptions TowardsClient(ClientCertificateCheck check)
    {
        ClientSide side = _clients;
        return new()
        {
            ServerCertificateContext = (OwnOf(side) ?? throw new AuthenticationException("TLS is disabled")).Context,
            EnabledSslProtocols = From(side.Config.MinVersion),
            ClientCertificateRequired = side.Config.ClientCertificates != ClientCertificateMode.None,
            RemoteCertificateValidationCallback = check.Note,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            // A resumed session would bring the verdict of another time.
            AllowTlsResume = side.Config.ClientCertificates == ClientCertificateMode.None,
        };
    }

    public ClientCertificateCheck NewClientCheck()
    {
        ClientSide side = _clients;
        return new(side.Config.ClientCertificates, side.Authorities?.Current);
    }

    /// <summary>The proxy's side of TLS with a server.</summary>
    public SslClientAuthenticationOptions TowardsServer(string host, string server)
    {
        ServerSide side = _servers;
        return new()
        {
            TargetHost = host,
            EnabledSslProtocols = From(side.Config.MinVersion),
            ClientCertificateContext = side.Own?.Current.Context,
            RemoteCertificateValidationCallback = (_, certificate, chain, errors) => AcceptServer(side, server, certificate, chain, errors),
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
        };
    }

    /// <summary>Judges a server's certificate as the TLS mode says, and notes it.</summary>
    public bool AcceptServer(string server, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) =>
        AcceptServer(_servers, server, certificate, chain, errors);

    private bool AcceptServer(ServerSide side, string server, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        Seen.Note(server, certificate);
        // As every MySQL client in the lower modes: encrypted, but nobody vouches for the server.
        return side.Config.Mode < ServerTlsMode.VerifyCa
            || (!(side.Config.Mode == ServerTlsMode.VerifyFull && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch))
                && ChainCheck.Accepts(certificate, chain, side.Authorities?.Current, isClient: false));
    }

    /// <inheritdoc/>
    public FileChanges Refresh()
    {
        var changes = new FileChanges();
        ClientSide clients = _clients;
        ServerSide servers = _servers;
        changes.Look(clients.Own, clients.Config.CertificateFile);
        changes.Look(servers.Own, servers.Config.CertificateFile);
        changes.Look(clients.Authorities, clients.Config.CaFile);
        changes.Look(servers.Authorities, servers.Config.CaFile);
        if (_selfSigned is { } own && own.EndsSoon(_time.GetUtcNow()))
        {
            Volatile.Write(ref _selfSigned, OwnCertificate.CreateSelfSigned(_time.GetUtcNow()));
            changes.Renew(own.Source);
        }

        return changes;
    }

    private OwnCertificate? OwnOf(ClientSide side) => side.Own?.Current ?? Volatile.Read(ref _selfSigned);

    private OwnCertificate? SelfSignedFor(ClientSide side) =>
        side.Own is null && side.Config.Mode != ClientTlsMode.Disabled ? OwnCertificate.CreateSelfSigned(_time.GetUtcNow()) : null;

    private static ClientSide Load(ClientTlsConfig config) => new(
        config, config.Mode == ClientTlsMode.Disabled ? null : Own(config.CertificateFile, config.KeyFile), Authorities.Watch(config.CaFile));

    private static ServerSide Load(ServerTlsConfig config) => new(config, Own(config.CertificateFile, config.KeyFile), Authorities.Watch(config.CaFile));

    private static CertificateInUse[] Own(string side, OwnCertificate? own) =>
        own is null ? [] : [new(side, own.Source, own.Certificate.Subject, own.Certificate.NotAfter)];

    private static WatchedFiles<OwnCertificate>? Own(string? certificate, string? key) =>
        certificate is null || key is null ? null : new([certificate, key], () => OwnCertificate.Load(certificate, key));

    private static SslProtocols From(TlsVersion oldest) =>
        oldest == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;

    private sealed record ClientSide(
        ClientTlsConfig Config, WatchedFiles<OwnCertificate>? Own, WatchedFiles<X509Certificate2Collection>? Authorities);

    private sealed record ServerSide(
        ServerTlsConfig Config, WatchedFiles<OwnCertificate>? Own, WatchedFiles<X509Certificate2Collection>? Authorities);
}
