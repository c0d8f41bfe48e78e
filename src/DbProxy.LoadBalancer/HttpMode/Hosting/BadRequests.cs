using System.Diagnostics;
using System.Net;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>Counts and logs what Kestrel refuses itself because it is no good HTTP, too large or too slow, so that no request ever
/// comes of it.</summary>
internal sealed class BadRequests(string frontend, FrontendCounters counters, ILogger logger) : IObserver<KeyValuePair<string, object?>>
{
    private const string Event = "Microsoft.AspNetCore.Server.Kestrel.BadRequest";

    public static void Observe(IServiceProvider services, string frontend, FrontendCounters counters, ILogger logger) =>
        services.GetRequiredService<DiagnosticListener>().Subscribe(new BadRequests(frontend, counters, logger), static name => name == Event);

    public void OnNext(KeyValuePair<string, object?> value)
    {
        if (value.Value is not IFeatureCollection features)
            return;
        var error = features.Get<IBadRequestExceptionFeature>()?.Error;
        var status = (error as BadHttpRequestException)?.StatusCode ?? StatusCodes.Status400BadRequest;
        Interlocked.Increment(ref counters.ProtocolErrors);
        // Its body was no good, or did not come: the request itself is counted and logged when it ends.
        if (features.Get<Exchange>() is not null)
            return;
        Interlocked.Increment(ref counters.Http.Requests);
        counters.Http.Count(status);
        var peer = features.Get<IHttpConnectionFeature>();
        HttpLog.BadRequest(
            logger, peer?.RemoteIpAddress is { } address ? new IPEndPoint(address, peer.RemotePort).Plain() : null, frontend, status, error?.Message ?? "bad request");
    }

    public void OnCompleted()
    {
    }

    public void OnError(Exception error)
    {
    }
}
