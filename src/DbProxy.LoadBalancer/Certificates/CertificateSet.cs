using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Certificates by the names that they are for. Immutable.</summary>
internal sealed class CertificateSet
{
    private readonly FrozenDictionary<string, OwnCertificate> _byName;
    private readonly OwnCertificate _default;

    public CertificateSet(ImmutableArray<OwnCertificate> certificates)
    {
        All = certificates;
        _default = certificates[0];
        var byName = new Dictionary<string, OwnCertificate>(StringComparer.OrdinalIgnoreCase);
        foreach (var certificate in certificates)
            foreach (var name in NamesOf(certificate.Certificate))
                byName.TryAdd(name, certificate);
        _byName = byName.ToFrozenDictionary(StringComparer.OrdinalIgnoreCase);
    }

    public ImmutableArray<OwnCertificate> All { get; }

    /// <summary>The certificate for a name: one that names it, else a wildcard for its last label but one, else the first.</summary>
    public OwnCertificate For(string? name)
    {
        if (string.IsNullOrEmpty(name))
            return _default;
        if (_byName.TryGetValue(name, out var exact))
            return exact;
        // A wildcard stands for exactly one label (RFC 6125 6.4.3).
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && _byName.TryGetValue(string.Concat("*", name.AsSpan(dot)), out var wildcard) ? wildcard : _default;
    }

    private static IEnumerable<string> NamesOf(X509Certificate2 certificate)
    {
        var names = certificate.Extensions.OfType<X509SubjectAlternativeNameExtension>().SelectMany(e => e.EnumerateDnsNames()).ToList();
        return names.Count > 0 ? names : [certificate.GetNameInfo(X509NameType.DnsName, forIssuer: false)];
    }
}
