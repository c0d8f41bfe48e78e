using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Admin.Api.Reports;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>The servers of the front end's backends: look at one, change it.</summary>
internal static class ServerEndpoints
{
    private const string Path = "/backends/{backend}/servers/{server}";

    public static void Map(RouteGroupBuilder api, AdminContext context, Reporter reporter)
    {
        api.MapGet(Path, Results<Ok<ServerInfo>, Problem> (string backend, string server) =>
        {
            var (b, s, problem) = Find(context, backend, server);
            return problem is null ? TypedResults.Ok(reporter.Server(b!, s!)) : problem;
        }).WithSummary("A server").ProducesProblem(404);
        api.MapPatch(Path, Results<Ok<ServerInfo>, Problem> (string backend, string server, ServerChange change) =>
        {
            var (b, s, problem) = Find(context, backend, server);
            problem ??= ServerChanger.Apply(change, b!, s!);
            return problem is null ? TypedResults.Ok(reporter.Server(b!, s!)) : problem;
        }).WithSummary("Changes a server: state, weight, limit, address").ProducesProblem(400).ProducesProblem(404);
    }

    private static (Backend? Backend, Server? Server, Problem? Problem) Find(AdminContext context, string backend, string server)
    {
        if (context.Balancer?.Backends.GetValueOrDefault(backend) is not { } found)
            return (null, null, NotFound($"There is no backend \"{backend}\"", context.Balancer?.Backends.Keys));
        return found.Servers.FirstOrDefault(s => s.Name == server) is { } one
            ? (found, one, null)
            : (found, null, NotFound($"Backend {backend} has no server \"{server}\"", found.Servers.Select(s => s.Name)));
    }

    private static Problem NotFound(string what, IEnumerable<string>? there) => new(StatusCodes.Status404NotFound, "Not found",
        $"{what}; {(there?.Any() == true ? $"there are {string.Join(", ", there)}" : "there are none")}.");
}
