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
        api.MapPost("/backends/{backend}/servers", Results<Created<ServerInfo>, Problem> (string backend, NewServer server) => Add(context, reporter, backend, server))
            .WithSummary("Adds a server to a backend, until the process ends").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        api.MapDelete(Path, Results<NoContent, Problem> (string backend, string server) => Remove(context, backend, server))
            .WithSummary("Takes a server out of its backend; its sessions end by themselves").ProducesProblem(404);
    }

    private static Results<Created<ServerInfo>, Problem> Add(AdminContext context, Reporter reporter, string backend, NewServer server)
    {
        if (FindBackend(context, backend, out var found) is { } missing)
            return missing;
        if (ServerChanger.Read(server, out var config) is { } problem)
            return problem;
        return found!.Add(config!) is { } added
            ? TypedResults.Created($"/api/v1/backends/{Uri.EscapeDataString(backend)}/servers/{Uri.EscapeDataString(added.Name)}", reporter.Server(found, added))
            : new Problem(StatusCodes.Status409Conflict, "The name is taken", $"Backend {backend} has a server \"{config!.Name}\" already; give the new one another name.");
    }

    private static Results<NoContent, Problem> Remove(AdminContext context, string backend, string server)
    {
        var (found, one, problem) = Find(context, backend, server);
        if (problem is not null)
            return problem;
        found!.Remove(one!.Name);
        return TypedResults.NoContent();
    }

    private static (Backend? Backend, Server? Server, Problem? Problem) Find(AdminContext context, string backend, string server)
    {
        if (FindBackend(context, backend, out var found) is { } missing)
            return (null, null, missing);
        return found!.Servers.FirstOrDefault(s => s.Name == PathNames.Of(server)) is { } one
            ? (found, one, null)
            : (found, null, NotFound($"Backend {backend} has no server \"{server}\"", found.Servers.Select(s => s.Name)));
    }

    private static Problem? FindBackend(AdminContext context, string name, out Backend? backend)
    {
        backend = context.Balancer?.Backends.GetValueOrDefault(PathNames.Of(name));
        return backend is null ? NotFound($"There is no backend \"{name}\"", context.Balancer?.Backends.Keys) : null;
    }

    private static Problem NotFound(string what, IEnumerable<string>? there) => new(StatusCodes.Status404NotFound, "Not found",
        $"{what}; {(there?.Any() == true ? $"there are {string.Join(", ", there)}" : "there are none")}.");
}
