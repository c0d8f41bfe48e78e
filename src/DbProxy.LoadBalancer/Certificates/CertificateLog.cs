using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Log lines of the front end's certificates. Event ids 4200–4219.</summary>
internal static partial class CertificateLog
{
    [LoggerMessage(4200, LogLevel.Information, "Changed on disk, used for new connections from now on: {Source}")]
    public static partial void Renewed(ILogger logger, string source);

    [LoggerMessage(4201, LogLevel.Warning, "Changed on disk, but can't be used, so that the old one stays in use: {Problem}")]
    public static partial void Broken(ILogger logger, string problem);
}
