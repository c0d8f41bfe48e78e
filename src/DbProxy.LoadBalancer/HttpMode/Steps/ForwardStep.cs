using System.Net;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Balancing;
using DbProxy.LoadBalancer.HttpMode.Forwarding;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.Servers;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>
/// Leases a server, forwards, and gives it back; where the server could not be connected to, and therefore got nothing of
/// the request, tries again, elsewhere if that is allowed.
/// </summary>
internal sealed class ForwardStep(HttpConfig config, FrontendParts parts, ErrorAnswers errors)
{
    // HAProxy's pause before a server that just refused is asked again.
    private static readonly TimeSpan SameServerPause = TimeSpan.FromSeconds(1);

    private readonly ForwarderRequestConfig _http1 = RequestConfig(config.Timeouts.Server, HttpVersion.Version11);
    private readonly ForwarderRequestConfig _http2 = RequestConfig(config.Timeouts.Server, HttpVersion.Version20);
    private readonly ForwarderRequestConfig _tunnel1 = RequestConfig(config.Timeouts.Tunnel, HttpVersion.Version11);
    private readonly ForwarderRequestConfig _tunnel2 = RequestConfig(config.Timeouts.Tunnel, HttpVersion.Version20);

    public async ValueTask RunAsync(Exchange exchange, Backend backend)
    {
        var key = StableHash.Of(exchange.Source);
        var preferred = StickyCookie.ServerOf(config.Cookies.GetValueOrDefault(backend.Name), backend, exchange.Http.Request);
        List<Server>? failed = null;
        for (var attempt = 0; ; attempt++)
        {
            if (await LeaseAsync(exchange, backend, new(key, preferred, failed)) is not { } server)
                return;
            if (failed is not null)
                CountRetry(exchange, backend, failed[^1], server);
            ForwarderError error;
            CancellationToken closing;
            try
            {
                closing = server.Closing;
                error = await SendAsync(exchange, backend, server, closing);
            }
            finally
            {
                backend.Release(server);
            }
            var failure = ForwardFailure.Of(error, exchange, closing, config.Timeouts.Server);
            Note(backend, server, failure);
            if (failure is not { CanRetry: true })
            {
                await EndAsync(exchange, backend, failure);
                return;
            }
            if (attempt >= backend.Config.Retries || exchange.Http.RequestAborted.IsCancellationRequested)
            {
                await EndAsync(exchange, backend, failure);
                return;
            }
            (failed ??= []).Add(server);
            preferred = backend.Config.Redispatch ? null : server.Name;
            await PrepareAsync(exchange, backend, failed);
        }
    }

    private async ValueTask<Server?> LeaseAsync(Exchange exchange, Backend backend, LeaseRequest request)
    {
        var began = exchange.Elapsed;
        var lease = await backend.LeaseAsync(
            backend.Config.Redispatch ? request : request with { Avoid = null }, exchange.Http.RequestAborted);
        exchange.Queued(exchange.Elapsed - began, lease.Ahead);
        if (lease.Server is not null)
            return lease.Server;
        if (lease.Failure == LeaseFailure.Cancelled)
            (exchange.End, exchange.Status) = (EndState.ClientLeftQueue, ForwardFailure.ClientClosedRequest);
        else
            await errors.WriteAsync(exchange, 503, lease.Failure switch
            {
                LeaseFailure.QueueFull => EndState.QueueFull,
                LeaseFailure.QueueTimeout => EndState.QueueTimeout,
                _ => EndState.ConnectFailed,
            }, RetryAfterOf(backend));
        return null;
    }

    private ValueTask<ForwarderError> SendAsync(Exchange exchange, Backend backend, Server server, CancellationToken closing)
    {
        exchange.Sending(server);
        var http2 = config.Http2Backends.Contains(backend.Name);
        var attempt = new ForwardAttempt(exchange, backend, server, http2);
        return parts.Forwarder.SendAsync(
            exchange.Http, attempt.Prefix(), parts.Client,
            (Bodies.IsTunnel(exchange.Http.Features), http2) switch
            {
                (false, false) => _http1,
                (false, true) => _http2,
                (true, false) => _tunnel1,
                (true, true) => _tunnel2,
            },
            new ForwardTransformer(config, attempt), closing);
    }

    /// <summary>Takes a server down that fails too often in a row, whether to connect or to answer.</summary>
    private static void Note(Backend backend, Server server, ForwardFailure? failure)
    {
        if (failure is { CanRetry: true })
            backend.NoteFailure(server, failure.Reason);
        else if (failure is { IsServers: true })
            backend.NoteBadResponse(server, failure.Reason);
        else
            server.NoteSuccess();
    }

    private async ValueTask EndAsync(Exchange exchange, Backend backend, ForwardFailure? failure)
    {
        if (failure is null)
            return;
        exchange.Status = failure.LoggedStatus;
        await errors.WriteAsync(exchange, failure.Status, failure.End, failure.CanRetry ? RetryAfterOf(backend) : default);
    }

    /// <summary>Takes back what the forwarder said of the failure, so that the next try finds the response untouched.</summary>
    private async ValueTask PrepareAsync(Exchange exchange, Backend backend, List<Server> failed)
    {
        exchange.Http.Response.StatusCode = StatusCodes.Status200OK;
        exchange.Http.Features.Set<IForwarderErrorFeature>(null);
        if (!backend.Config.Redispatch || !backend.Servers.Any(s => !failed.Contains(s) && s.Status.TakesNew))
            await Task.Delay(SameServerPause < backend.Config.ConnectTimeout ? SameServerPause : backend.Config.ConnectTimeout, parts.Time, exchange.Http.RequestAborted)
                .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private static void CountRetry(Exchange exchange, Backend backend, Server failed, Server next)
    {
        exchange.Retries++;
        Interlocked.Increment(ref backend.Http.Retries);
        if (failed == next)
        {
            Interlocked.Increment(ref failed.Counters.Retries);
            return;
        }
        Interlocked.Increment(ref failed.Counters.Redispatches);
        Interlocked.Increment(ref backend.Http.Redispatches);
    }

    /// <summary>Servers that come back need their checks to notice it.</summary>
    private static TimeSpan RetryAfterOf(Backend backend) => backend.Config.Check is { } check ? check.Interval * check.Rise : TimeSpan.FromSeconds(1);

    private static ForwarderRequestConfig RequestConfig(TimeSpan silence, Version version) => new()
    {
        ActivityTimeout = silence,
        Version = version,
        VersionPolicy = HttpVersionPolicy.RequestVersionExact,
    };
}
