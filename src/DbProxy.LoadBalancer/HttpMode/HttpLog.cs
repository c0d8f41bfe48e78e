using System.Net;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>Log lines of http mode. Event ids 4100–4199.</summary>
internal static partial class HttpLog
{
    [LoggerMessage(4101, LogLevel.Error, "Frontend {Frontend}: the request for {Path} failed; this is a defect of the proxy")]
    public static partial void Defect(ILogger logger, Exception exception, string frontend, string path);

    [LoggerMessage(4111, LogLevel.Information, "{Source} {Frontend} {Status} PR: {Reason}")]
    public static partial void BadRequest(ILogger logger, EndPoint? source, string frontend, int status, string reason);

    [LoggerMessage(4112, LogLevel.Information, "{Source} {Frontend} PR: {Reason}")]
    public static partial void BadStart(ILogger logger, EndPoint? source, string frontend, string reason);

    // In the order of HAProxy's httplog: who, where, timers (queue/connect/response/total; -1: not reached), status, bytes of the bodies, how it
    // ended, who was ahead, how often it was tried again, which rule decided, what was asked for.
    [LoggerMessage(4110, LogLevel.Information,
        "{Source} {Frontend} {Backend}/{Server} {QueueMs}/{ConnectMs}/{ResponseMs}/{TotalMs} ms {Status} {BytesIn}/{BytesOut} B {End} queue {Ahead} retries {Retries} rule {Rule} \"{Method} {Target} {Protocol}\" host {Host} id {RequestId}")]
    public static partial void RequestEnded(
        ILogger logger, IPAddress source, string frontend, string backend, string server, double queueMs, double connectMs, double responseMs,
        double totalMs, int status, long bytesIn, long bytesOut, string end, int ahead, int retries, string rule, string method, string target,
        string protocol, string host, string requestId);
}
