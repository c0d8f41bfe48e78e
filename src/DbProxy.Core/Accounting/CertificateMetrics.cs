using DbProxy.LoadBalancer.Certificates;
using Prometheus;

namespace DbProxy.Core.Accounting;

/// <summary>When the certificates in use expire.</summary>
internal sealed class CertificateMetrics(IMetricFactory make)
{
    private readonly Gauge _expiry = make.CreateGauge(
        "dbproxy_certificate_expiry_timestamp_seconds",
        "When a certificate expires, in seconds since 1970. Side clients: shown to clients; side servers: shown to servers (source is a file) or by one (source is its name).",
        ["side", "source", "subject"]);

    private HashSet<(string Side, string Source, string Subject)> _published = [];

    public void Publish(IEnumerable<CertificateInUse> inUse)
    {
        HashSet<(string, string, string)> now = [];
        foreach (CertificateInUse certificate in inUse)
        {
            now.Add((certificate.Side, certificate.Source, certificate.Subject));
            _expiry.WithLabels(certificate.Side, certificate.Source, certificate.Subject).Set(certificate.NotAfter.ToUnixTimeSeconds());
        }

        foreach (var (side, source, subject) in _published.Except(now))
        {
            _expiry.RemoveLabelled(side, source, subject);
        }

        _published = now;
    }
}
