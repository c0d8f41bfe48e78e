using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Refuses what the first matching rule denies (403), and what no server should have to deal with.</summary>
internal sealed class AccessStep(
    FrontendConfig frontend, HttpConfig config, FrontendCounters counters, Refusals refusals, ErrorAnswers errors)
{
    public async ValueTask<bool> RefusesAsync(Exchange exchange)
    {
        if (AccessRule.Decide(frontend.Access, exchange) is { } rule)
        {
            exchange.Rule = rule.Name;
            if (rule.Action != AccessAction.Allow)
            {
                Interlocked.Increment(ref counters.Denied);
                await refusals.RefuseAsync(exchange, rule.Action, 403);
                return true;
            }
        }
        // CONNECT asks for a forward proxy; the one of a WebSocket in HTTP/2 is a tunnel to the server.
        if (exchange.Method == "CONNECT" && !Bodies.IsTunnel(exchange.Http.Features))
            await errors.WriteAsync(exchange, 405, EndState.BadRequest);
        else if (exchange.Http.Request.ContentLength > config.Limits.MaxBody)
            await errors.WriteAsync(exchange, 413, EndState.BadRequest);
        else
            return false;
        return true;
    }
}
