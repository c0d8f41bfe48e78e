using System.Collections.Immutable;
using System.Net;
using DbProxy.Core.Certificates;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Login;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Handshake;

/// <summary>What the proxy shows to every client: version, capabilities, RSA key, certificate.</summary>
internal sealed class ClientAdmission : IDisposable
{
    private readonly ConfigStore _config;
    private readonly Topology _topology;
    private readonly RsaKeyPair _rsa = RsaKeyPair.Create();

    public ClientAdmission(ConfigStore config, Topology topology, CertificateStore certificates, ILogger logger)
    {
        _config = config;
        _topology = topology;
        Certificates = certificates;
        Log.ClientTls(logger, config.Current.ClientTls.Mode.ToString(), certificates.ForClients?.Source ?? "none");
    }

    /// <summary>What TLS shows and trusts.</summary>
    public CertificateStore Certificates { get; }

    /// <summary>The version that clients are told: as configured, else the primary's, else any server's that answered.</summary>
    public string ServerVersion
    {
        get
        {
            if (_config.Current.ServerVersion is { } configured)
            {
                return configured;
            }

            ServerState? server = _topology.Current.Primary ?? _topology.Servers.FirstOrDefault(s => s.Model.Version.Length > 0);
            return server is null || server.Model.Version.Length == 0 ? ProxyConfig.FallbackServerVersion : server.Model.Version;
        }
    }

    /// <summary>What is allowed, and no Zstandard in MariaDB's name: no server of its has that, so no client expects it.</summary>
    private Capabilities Compression
    {
        get
        {
            ImmutableArray<CompressionAlgorithm> allowed = _config.Current.ClientCompression;
            bool mariaDb = ServerVersion.Contains("MariaDB", StringComparison.OrdinalIgnoreCase);
            return (allowed.Contains(CompressionAlgorithm.Zlib) ? Capabilities.Compress : Capabilities.None)
                | (allowed.Contains(CompressionAlgorithm.Zstd) && !mariaDb ? Capabilities.ZstdCompression : Capabilities.None);
        }
    }

    public ClientLoginOptions OptionsFor(Session session) => new()
    {
        ServerVersion = ServerVersion,
        ConnectionId = session.Id,
        Announced = AnnouncedCapabilities.For(_topology, _config.Current.Limits.LocalInfile) | Compression,
        Rsa = _rsa,
        TlsAvailable = Certificates.ForClients is not null,
        TlsRequired = _config.Current.ClientTls.Mode == ClientTlsMode.Required,
        IsSecureTransport = session.Socket.IsLocal,
        ClientAddress = session.Peer.Host,
    };

    public void Dispose() => _rsa.Dispose();
}
