using DbProxy.LoadBalancer.TcpMode;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>Log lines of the front end. Event ids 4000–4099.</summary>
internal static partial class FrontendLog
{
    [LoggerMessage(4000, LogLevel.Information, "Frontend {Frontend} listens on {Address}")]
    public static partial void Listening(ILogger logger, string frontend, string address);

    [LoggerMessage(4001, LogLevel.Warning, "Frontend {Frontend} accepts nobody for {Pause}: {Why}")]
    public static partial void AcceptPaused(ILogger logger, string frontend, TimeSpan pause, string why);

    [LoggerMessage(4002, LogLevel.Warning, "Server {Backend}/{Server} is {State}: {Reason}")]
    public static partial void ServerDown(ILogger logger, string backend, string server, string state, string reason);

    [LoggerMessage(4003, LogLevel.Information, "Server {Backend}/{Server} is {State}: {Reason}")]
    public static partial void ServerUp(ILogger logger, string backend, string server, string state, string reason);

    [LoggerMessage(4004, LogLevel.Error, "Backend {Backend} has no server left")]
    public static partial void BackendDown(ILogger logger, string backend);

    [LoggerMessage(4005, LogLevel.Information,
        "Server {Backend}/{Server} is configured anew: {Host}:{Port}, weight {Weight}, limit {Limit}; before {OldHost}:{OldPort}, weight {OldWeight}, limit {OldLimit}")]
    public static partial void ServerReconfigured(
        ILogger logger, string backend, string server, string host, int port, int weight, int limit, string oldHost, int oldPort, int oldWeight, int oldLimit);

    public static void SessionEnded(ILogger logger, string frontend, SessionReport report)
    {
        if (logger.IsEnabled(LogLevel.Information))
            SessionEnded(
                logger, report.Source, frontend, report.Backend, report.Server, Ms(report.QueueTime), Ms(report.ConnectTime), Ms(report.Total),
                report.BytesIn, report.BytesOut, report.End, report.Ahead, report.Retries, report.Rule);
    }

    // In the order of HAProxy's tcplog: who, where, timers (queue/connect/total; -1: not reached), bytes, how it ended, who was ahead in
    // the queue, how often it was tried again, which rule decided.
    [LoggerMessage(4010, LogLevel.Information, "{Source} {Frontend} {Backend}/{Server} {QueueMs}/{ConnectMs}/{TotalMs} ms {BytesIn}/{BytesOut} B {End} queue {Ahead} retries {Retries} rule {Rule}")]
    private static partial void SessionEnded(
        ILogger logger, System.Net.IPAddress source, string frontend, string backend, string server, double queueMs, double connectMs,
        double totalMs, long bytesIn, long bytesOut, SessionEnd end, int ahead, int retries, string rule);

    private static double Ms(TimeSpan? time) => time is { } t ? Math.Round(t.TotalMilliseconds, 2) : -1;
}
