using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Certificates;

/// <summary>Looks after certificates once a second: new files are taken up, and those that run out are named once a day.</summary>
internal sealed class CertificateWatch(CertificateStore store, TimeProvider time, ILogger logger)
{
    private static readonly TimeSpan Interval = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan Soon = TimeSpan.FromDays(30);
    private static readonly TimeSpan VerySoon = TimeSpan.FromDays(7);
    private static readonly TimeSpan Reminder = TimeSpan.FromDays(1);

    private readonly Dictionary<(CertificateInUse, bool Urgent), DateTimeOffset> _warned = [];

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
        var (renewed, problems) = store.Refresh();
        foreach (string source in renewed)
        {
            CertificateLog.Renewed(logger, source);
        }

        foreach (string problem in problems)
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

/// <summary>Event ids 1500–1519.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(1500, LogLevel.Information, "Changed on disk, used for new connections from now on: {Source}")]
    public static partial void Renewed(ILogger logger, string source);

    [LoggerMessage(1501, LogLevel.Warning, "Changed on disk, but can't be used, so that the old one stays in use: {Problem}")]
    public static partial void Broken(ILogger logger, string problem);

    [LoggerMessage(1502, LogLevel.Warning, "Certificate '{Subject}' ({Side}: {Source}) expires in {Days:0.0} days, at {NotAfter:u}; renew it")]
    public static partial void Expires(ILogger logger, string subject, string side, string source, double days, DateTimeOffset notAfter);

    [LoggerMessage(1503, LogLevel.Warning, "Certificate '{Subject}' ({Side}: {Source}) has expired at {NotAfter:u}; peers that check it refuse to connect. Renew it")]
    public static partial void Expired(ILogger logger, string subject, string side, string source, DateTimeOffset notAfter);
}
