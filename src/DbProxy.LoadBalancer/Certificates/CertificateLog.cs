using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Log lines of certificates. Event ids 1500–1519.</summary>
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
