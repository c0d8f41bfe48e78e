using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Looks after certificates once a second: new files are taken up, and those that run out are named once a day.</summary>
public sealed class CertificateWatch(IWatchedCertificates store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);
    private static readonly TimeSpan VerySoon = TimeSpan.FromDays(7);
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    private readonly Dictionary<(CertificateInUse, bool Urgent), DateTimeOffset> _warned = [];

    /// <summary>Looks until it is stopped.</summary>
    public async Task RunAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Look();
            await Task.Delay(Interval, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>One look.</summary>
    public void Look()
    {
        FileChanges changes = store.Refresh();
        foreach (string source in changes.Renewed)
        {
            CertificateLog.Renewed(logger, source);
        }

        foreach (string problem in changes.Problems)
        {
            CertificateLog.Broken(logger, problem);
        }

        DateTimeOffset now = time.GetUtcNow();
        foreach (CertificateInUse certificate in store.InUse)
        {
            Warn(certificate, now);
        }
    }

    private void Warn(CertificateInUse certificate, DateTimeOffset now)
    {
        TimeSpan left = certificate.NotAfter - now;
        var key = (certificate, left < VerySoon);
        if (left >= Soon || (_warned.TryGetValue(key, out DateTimeOffset last) && now - last < Reminder))
        {
            return;
        }

        // Certificates of servers come and go; what was warned of long ago needn't be known any more.
        foreach (var old in _warned.Where(w => now - w.Value > 2 * Reminder).Select(w => w.Key).ToList())
        {
            _warned.Remove(old);
        }

        _warned[key] = now;
        if (left <= TimeSpan.Zero)
        {
            CertificateLog.Expired(logger, certificate.Subject, certificate.Side, certificate.Source, certificate.NotAfter);
        }
        else
        {
            CertificateLog.Expires(logger, certificate.Subject, certificate.Side, certificate.Source, left.TotalDays, certificate.NotAfter);
        }
    }
}
