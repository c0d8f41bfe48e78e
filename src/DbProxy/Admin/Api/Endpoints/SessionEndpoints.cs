using System.Net;
using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Admin.Api.Reports;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>Clients' sessions: look at them, end them.</summary>
internal static class SessionEndpoints
{
    private const int DefaultLimit = 1000;
    // Less than the patience of dbproxy ctl.
    private const int MostSeconds = 20;
    private const string MySql = "mysql";

    public static void Map(RouteGroupBuilder api, AdminContext context, Reporter reporter)
    {
        api.MapGet("/sessions", (int? limit, string? search) => SessionsThatAre(reporter, limit, search))
            .WithSummary("Clients' sessions, the oldest first; search keeps those that mention a text");
        api.MapDelete("/sessions/{id}", Task<Results<NoContent, Problem>> (string id) => EndAsync(context, id))
            .WithSummary("Ends a session: what runs for it is stopped, its client disconnected").ProducesProblem(404);
        api.MapPost("/sessions/retire", Task<Results<Ok<RetireInfo>, Problem>> (RetireOrder order, CancellationToken cancel) => RetireAsync(context, order, cancel))
            .WithSummary("Lets the sessions end that come from an address, each when it is at rest, and waits for them").ProducesProblem(400).ProducesProblem(404);
    }

    private static SessionList SessionsThatAre(Reporter reporter, int? limit, string? search) =>
        reporter.SessionsThatAre(Math.Max(0, limit ?? DefaultLimit), search);

    private static async Task<Results<NoContent, Problem>> EndAsync(AdminContext context, string id)
    {
        id = PathNames.Of(id);
        var (owner, number) = id.LastIndexOf(':') is >= 0 and var colon && long.TryParse(id.AsSpan(colon + 1), out var n) ? (id[..colon], n) : ("", -1);
        if (owner == MySql && context.Proxy?.Context.Sessions.Find(number) is { } session)
        {
            await session.KillAsync();
            return TypedResults.NoContent();
        }
        if (context.Balancer?.Frontends.FirstOrDefault(f => f.Config.Name == owner)?.Close(number) == true)
            return TypedResults.NoContent();
        return new Problem(StatusCodes.Status404NotFound, "Not found", $"There is no session \"{id}\"; it may have ended. /api/v1/sessions lists those that are there.");
    }

    private static async Task<Results<Ok<RetireInfo>, Problem>> RetireAsync(AdminContext context, RetireOrder order, CancellationToken cancel)
    {
        if (context.Proxy is not { } proxy)
            return MySqlEndpoints.NoProxy;
        if (!IPAddress.TryParse(order.Peer, out var peer))
            return ServerChanger.Bad("peer", $"\"{order.Peer}\" is not an IP address");
        if (order.Seconds is not (> 0 and <= MostSeconds))
            return ServerChanger.Bad("seconds", $"{order.Seconds} is out of range; use more than 0, to {MostSeconds}");
        var (found, left) = await proxy.RetireAsync(peer.IsIPv4MappedToIPv6 ? peer.MapToIPv4() : peer, TimeSpan.FromSeconds(order.Seconds), cancel);
        return TypedResults.Ok(new RetireInfo(found, left));
    }
}
