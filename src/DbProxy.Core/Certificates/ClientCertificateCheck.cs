using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration;

namespace DbProxy.Core.Certificates;

/// <summary>
/// What one client showed. TLS itself lets everybody in: a client that is refused inside the TLS handshake learns nothing
/// but that the connection broke, while an error packet behind it says why.
/// </summary>
internal sealed class ClientCertificateCheck(ClientCertificateMode mode, X509Certificate2Collection? authorities)
{
    private bool _shown;
    private bool _valid;

    /// <summary>Why the client is refused; null: it isn't.</summary>
    public string? Refusal =>
        mode == ClientCertificateMode.None || _valid ? null
        : _shown ? "The proxy doesn't accept the client's certificate: it must be signed by an authority of ClientTls.CaFile, and be neither expired nor made for servers only."
        : mode == ClientCertificateMode.Require ? "The proxy requires a client certificate (ClientTls.ClientCertificates). Connect with one, and its key."
        : null;

    /// <summary>To be called back by TLS.</summary>
    public bool Note(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors)
    {
        _shown = certificate is not null;
        _valid = mode != ClientCertificateMode.None && ChainCheck.Accepts(certificate, chain, authorities, isClient: true);
        return true;
    }
}
