using DbProxy.LoadBalancer.HttpMode.Hosting;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Refuses what a source sends beyond its rate of connections or requests: 429 with Retry-After.</summary>
internal sealed class RateStep(FrontendParts parts, Refusals refusals)
{
    public async ValueTask<bool> RefusesAsync(Exchange exchange)
    {
        if (Exceeded(exchange) is not { Action: not AccessAction.Allow } limit)
            return false;
        Interlocked.Increment(ref parts.Counters.RateLimited);
        await refusals.RefuseAsync(exchange, limit.Action, 429, limit.Window);
        return true;
    }

    private RateLimitConfig? Exceeded(Exchange exchange)
    {
        if (exchange.Http.Features.Get<ConnectionTooMany>() is { } connection)
        {
            exchange.Rule = "connection rate";
            exchange.Http.Response.Headers.Connection = "close";
            return connection.Limit;
        }
        if (parts.Requests is not { } rate || rate.TryTake(exchange.Source))
            return null;
        exchange.Rule = "request rate";
        return rate.Config;
    }
}
