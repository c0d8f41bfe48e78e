using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>Counts a request that ended with its frontend, backend and server, and logs it.</summary>
internal sealed class RequestLog(string frontend, FrontendCounters counters, ILogger logger)
{
    public void Ended(Exchange exchange, bool logged)
    {
        var (status, total) = (exchange.Status ?? exchange.Http.Response.StatusCode, exchange.Elapsed);
        exchange.Account();
        Count(counters.Http, exchange, status, total);
        if (exchange.Backend is { } backend)
            Count(backend.Http, exchange, status, total);
        if (exchange.Server is { } server)
            Count(server.Counters.Http, exchange, status, total);
        if (logged && logger.IsEnabled(LogLevel.Information))
            Log(exchange, status, total);
    }

    private static void Count(HttpCounters to, Exchange exchange, int status, TimeSpan total)
    {
        Interlocked.Increment(ref to.Requests);
        to.Count(status);
        Interlocked.Add(ref to.TotalMicroseconds, (long)total.TotalMicroseconds);
        if (exchange.QueueTime is { } queued)
            Interlocked.Add(ref to.QueueMicroseconds, (long)queued.TotalMicroseconds);
        if (exchange.ResponseTime is { } response)
        {
            Interlocked.Increment(ref to.Responses);
            Interlocked.Add(ref to.ResponseMicroseconds, (long)response.TotalMicroseconds);
        }
        if (exchange.End is EndState.ClientLeft or EndState.ClientLeftBeforeResponse or EndState.ClientLeftQueue)
            Interlocked.Increment(ref to.ClientAborts);
    }

    private void Log(Exchange exchange, int status, TimeSpan total)
    {
        var request = exchange.Http.Request;
        HttpLog.RequestEnded(
            logger, exchange.Source, frontend, exchange.Backend?.Name ?? "-", exchange.Server?.Name ?? "-", Ms(exchange.QueueTime),
            Ms(exchange.ConnectTime), Ms(exchange.ResponseTime), Ms(total), status, exchange.BytesIn, exchange.BytesOut, exchange.End,
            exchange.Ahead, exchange.Retries, exchange.Rule ?? "-", request.Method,
            // As it came: decoded, it could hold a line break.
            exchange.Http.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "", request.Protocol, request.Host is { HasValue: true, Value: var host } ? host : "-",
            exchange.RequestId ?? "-");
    }

    private static double Ms(TimeSpan? time) => time is { } t ? Math.Round(t.TotalMilliseconds, 2) : -1;
}
