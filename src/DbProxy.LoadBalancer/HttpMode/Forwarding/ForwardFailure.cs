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
    /// <param name="error">The result.</param>
    /// <param name="exchange">The request.</param>
    /// <param name="closing">The server's: whether it was ended from here.</param>
    /// <param name="patience">How long the server could let wait.</param>
    public static ForwardFailure? Of(ForwarderError error, Exchange exchange, CancellationToken closing, TimeSpan patience)
    {
        if (error == ForwarderError.None)
            return null;
        var http = exchange.Http;
        var exception = http.Features.Get<IForwarderErrorFeature>()?.Exception;
        var reason = exception?.GetBaseException().Message ?? error.ToString();
        if (error == ForwarderError.Request && IsConnectFailure(exception))
            return new(503, EndState.ConnectFailed, false, reason) { CanRetry = true };
        var (end, isServers) = Judge(
            error, http.Response.HasStarted,
            closing.IsCancellationRequested ? (EndState.Killed, false)
            : exchange.SilentFor >= patience * 0.9 ? (EndState.ServerStalled, true)
            : (EndState.ClientLeft, false));
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
            LoggedStatus = end == EndState.ClientLeftBeforeResponse ? ClientClosedRequest : null,
        };
    }

    /// <summary>Which side it was. The forwarder aborts the request itself, so that whether it is aborted says nothing of the
    /// client any more; where it only says "cancelled", <paramref name="cancelled"/> counts.</summary>
    private static (string End, bool IsServers) Judge(
        ForwarderError error, bool hasStarted, (string End, bool IsServers) cancelled) => error switch
    {
        // The server left: noticed by whichever of its body and its response the request was waiting for.
        ForwarderError.Request => (EndState.ServerBrokeBeforeResponse, true),
        ForwarderError.RequestBodyDestination when !hasStarted => (EndState.ServerBrokeBeforeResponse, true),
        ForwarderError.RequestTimedOut => (EndState.ServerTooSlow, true),
        ForwarderError.RequestCanceled or ForwarderError.RequestBodyCanceled =>
            cancelled.End == EndState.Killed ? cancelled : (EndState.ClientLeftBeforeResponse, false),
        ForwarderError.RequestBodyClient => (EndState.ClientLeft, false),
        ForwarderError.RequestBodyDestination => (EndState.ServerBroke, true),
        ForwarderError.RequestCreation or ForwarderError.ResponseHeaders => (EndState.BadResponse, true),
        ForwarderError.ResponseBodyClient or ForwarderError.UpgradeRequestClient or ForwarderError.UpgradeResponseClient => (EndState.ClientLeft, false),
        ForwarderError.ResponseBodyDestination or ForwarderError.UpgradeRequestDestination or ForwarderError.UpgradeResponseDestination =>
            (EndState.ServerBroke, true),
        ForwarderError.UpgradeActivityTimeout => (EndState.ServerStalled, true),
        ForwarderError.ResponseBodyCanceled or ForwarderError.UpgradeRequestCanceled or ForwarderError.UpgradeResponseCanceled => cancelled,
        _ => (EndState.Defect, false),
    };

    private static bool IsConnectFailure(Exception? exception) => exception is HttpRequestException
    {
        HttpRequestError: HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError or HttpRequestError.SecureConnectionError,
    };
}
