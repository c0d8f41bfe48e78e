using System.Collections.Concurrent;
using DbProxy.LoadBalancer.Certificates;

namespace DbProxy.Core.Certificates;

/// <summary>The certificates that servers showed last.</summary>
internal sealed class PeerCertificates
{
    private readonly ConcurrentDictionary<string, CertificateInUse> _seen = new(StringComparer.Ordinal);

    public IEnumerable<CertificateInUse> All => _seen.Values;

    public void Note(string server, System.Security.Cryptography.X509Certificates.X509Certificate? certificate)
    {
        if (certificate is System.Security.Cryptography.X509Certificates.X509Certificate2 shown
            && !(_seen.TryGetValue(server, out CertificateInUse? known) && known.Subject == shown.Subject && known.NotAfter == shown.NotAfter))
        {
            _seen[server] = new("servers", server, shown.Subject, shown.NotAfter);
        }
    }
}
