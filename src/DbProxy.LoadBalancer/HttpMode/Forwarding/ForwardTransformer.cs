using DbProxy.LoadBalancer.HttpMode.Requests;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>What is changed of a request on its way to the server, and of the response on its way back.</summary>
internal sealed class ForwardTransformer(HttpConfig config, ForwardAttempt attempt) : HttpTransformer
{
    public override async ValueTask TransformRequestAsync(
        HttpContext httpContext, HttpRequestMessage proxyRequest, string destinationPrefix, CancellationToken cancellationToken)
    {
        await base.TransformRequestAsync(httpContext, proxyRequest, destinationPrefix, cancellationToken);
        var exchange = attempt.Exchange;
        proxyRequest.RequestUri = TargetUri.Of(httpContext, destinationPrefix);
        proxyRequest.Options.Set(ServerClient.AttemptKey, attempt);
        proxyRequest.Headers.Host ??= attempt.Host;
        ForwardedHeaders.Apply(config.Forwarded, exchange, proxyRequest.Headers);
        if (exchange.RequestId is { } id)
        {
            proxyRequest.Headers.Remove(config.RequestIdHeader!);
            proxyRequest.Headers.TryAddWithoutValidation(config.RequestIdHeader!, id);
        }
        HeaderRules.Apply(config.RequestHeaders, proxyRequest);
    }

    public override async ValueTask<bool> TransformResponseAsync(
        HttpContext httpContext, HttpResponseMessage? proxyResponse, CancellationToken cancellationToken)
    {
        var response = httpContext.Response.Headers;
        if (config.RequestIdHeader is { } name && proxyResponse?.Headers.NonValidated.Contains(name) == true)
            response.Remove(name);
        if (!await base.TransformResponseAsync(httpContext, proxyResponse, cancellationToken))
            return false;
        HeaderRules.Apply(config.ResponseHeaders, response);
        var exchange = attempt.Exchange;
        exchange.ResponseBegan();
        StickyCookie.Insert(config.Cookies.GetValueOrDefault(attempt.Backend.Name), exchange);
        return true;
    }
}
