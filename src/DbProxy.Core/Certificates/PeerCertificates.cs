using System.Collections.Concurrent;

namespace DbProxy.Core.Certificates;

/// <summary>A certificate in use, and until when.</summary>
/// <param name="Side">"clients": between clients and the proxy; "servers": between the proxy and servers.</param>
/// <param name="Source">A file, "self-signed", or the server that showed it.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="NotAfter">When it expires.</param>
internal sealed record CertificateInUse(string Side, string Source, string Subject, DateTimeOffset NotAfter);

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
