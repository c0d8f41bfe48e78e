using DbProxy.LoadBalancer.HttpMode.Requests;
using Microsoft.AspNetCore.Http;
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>How forwarding failed.</summary>
/// <param name="Status">The status for the client, where it can still be told.</param>
/// <param name="End">Of <see cref="EndState"/>.</param>
/// <param name="IsServers">Whether the server is to blame.</param>
/// <param name="Reason">Why, for people.</param>
internal sealed record ForwardFailure(int Status, string End, bool IsServers, string Reason)
{
    /// <summary>What nginx logs for a client that left.</summary>
    public const int ClientClosedRequest = 499;

    /// <summary>Whether nothing of the request reached a server.</summary>
    public bool CanRetry { get; private init; }

    /// <summary>The status for the log, where it isn't the one sent.</summary>
    public int? LoggedStatus { get; private init; }

    /// <summary>Reads the forwarder's result; null: it did not fail.</summary>
    public static ForwardFailure? Of(ForwarderError error, Exchange exchange)
    {
        if (error == ForwarderError.None)
            return null;
        var http = exchange.Http;
        var exception = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        var reason = exception?.GetBaseException().Message ?? error.ToString();
        if (error == ForwarderError.Request && IsConnectFailure(exception))
            return new(503, EndState.ConnectFailed, false, reason) { CanRetry = true };
        var (end, isServers) = Judge(error, http.RequestAborted.IsCancellationRequested);
        var status = error switch
        {
            ForwarderError.RequestTimedOut => 504,
            // 400, 408 or 413: what was wrong with the body.
            ForwarderError.RequestBodyClient => http.Response.StatusCode,
            _ => 502,
        };
        if (error == ForwarderError.RequestBodyClient && status != 400)
            end = status == 408 ? EndState.SlowRequest : EndState.BadRequest;
        return new(status, end, isServers, reason)
        {
            LoggedStatus = end[0] == 'C' && !http.Response.HasStarted && http.RequestAborted.IsCancellationRequested ? ClientClosedRequest : null,
        };
    }

    private static (string End, bool IsServers) Judge(ForwarderError error, bool clientLeft) => error switch
    {
        ForwarderError.Request when clientLeft => (EndState.ClientLeftBeforeResponse, false),
        // Not by the client: by the server's Closing.
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled =>
            (clientLeft ? EndState.ClientLeftBeforeResponse : EndState.Killed, false),
        ForwarderError.Request => (EndState.ServerBrokeBeforeResponse, true),
        ForwarderError.RequestTimedOut => (EndState.ServerTooSlow, true),
        ForwarderError.RequestBodyClient => (EndState.ClientLeft, false),
        ForwarderError.RequestBodyDestination => (EndState.ServerBroke, true),
        ForwarderError.RequestCreation or ForwarderError.ResponseHeaders => (EndState.BadResponse, true),
        ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient => (EndState.ClientLeft, false),
        ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination =>
            (clientLeft ? EndState.ClientLeft : EndState.ServerBroke, !clientLeft),
        ForwarderError.ResponseBodyCanceled or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled or ForwarderError.UpgradeActivityTimeout =>
            clientLeft ? (EndState.ClientLeft, false) : (EndState.ServerStalled, true),
        _ => (EndState.Defect, false),
    };

    private static bool IsConnectFailure(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError,
    };
}
