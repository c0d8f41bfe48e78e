using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Rules;
using DbProxy.LoadBalancer.TcpMode;
using Microsoft.AspNetCore.Connections.Features;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Refuses a request in the way that a rule or limit asks for.</summary>
internal sealed class Refusals(ErrorAnswers errors, TimeSpan tarpitDelay, TimeProvider time)
{
    public async ValueTask RefuseAsync(Exchange exchange, AccessAction action, int status, TimeSpan retryAfter = default)
    {
        if (action == AccessAction.SilentDrop)
        {
            Drop(exchange);
            return;
        }
        if (action == AccessAction.Tarpit)
            await Task.Delay(tarpitDelay, time, exchange.Http.RequestAborted).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await errors.WriteAsync(exchange, status, action == AccessAction.Tarpit ? EndState.Tarpit : EndState.Denied, retryAfter);
    }

    private static void Drop(Exchange exchange)
    {
        exchange.End = EndState.Denied;
        exchange.Status = 0;
        if (exchange.Http.Features.Get<IConnectionSocketFeature>()?.Socket is { } socket)
            SilentDrop.Apply(socket);
        exchange.Http.Abort();
    }
}
