using System.Net;

namespace DbProxy.Admin;

/// <summary>Log lines of the operators' listener. Event ids 1200–1299.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(1200, LogLevel.Information, "Listening on {Address} for statistics, runtime API, /metrics, /healthz and /readyz")]
    public static partial void Listening(ILogger logger, Uri address);

    [LoggerMessage(1201, LogLevel.Warning, "The password for actions travels in clear text over the network: set Admin.Tls.Enabled, or Admin.Listen to a local address")]
    public static partial void PasswordInClear(ILogger logger);

    [LoggerMessage(1202, LogLevel.Warning, "{Source} gave a wrong password for {Method} {Path}")]
    public static partial void WrongPassword(ILogger logger, IPAddress source, string method, string path);

    [LoggerMessage(1203, LogLevel.Information, "{User} at {Source}: {Method} {Path} {Status}")]
    public static partial void Action(ILogger logger, string user, IPAddress source, string method, string path, int status);

    [LoggerMessage(1204, LogLevel.Error, "{Method} {Path} failed; this is a defect of the proxy")]
    public static partial void Defect(ILogger logger, Exception exception, string method, string path);
}
