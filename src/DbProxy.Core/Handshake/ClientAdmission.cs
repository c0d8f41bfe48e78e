using System.Net;
using DbProxy.Core.Certificates;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
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

    public ClientLoginOptions OptionsFor(Session session) => new()
    {
        ServerVersion = ServerVersion,
        ConnectionId = session.Id,
        Announced = AnnouncedCapabilities.For(_topology, _config.Current.Limits.LocalInfile),
        Rsa = _rsa,
        TlsAvailable = Certificates.ForClients is not null,
        TlsRequired = _config.Current.ClientTls.Mode == ClientTlsMode.Required,
        ClientAddress = (session.Socket.RemoteEndPoint as IPEndPoint)?.Address.ToString() ?? "%",
    };

    public void Dispose() => _rsa.Dispose();
}
