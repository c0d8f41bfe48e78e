namespace DbProxy.Admin;

/// <summary>Log lines of the operators' listener. Event ids 1200–1299.</summary>
internal static partial class AdminLog
{
    [LoggerMessage(1200, LogLevel.Information, "Listening on {Address} for /metrics, /healthz and /readyz")]
    public static partial void Listening(ILogger logger, Uri address);
}
