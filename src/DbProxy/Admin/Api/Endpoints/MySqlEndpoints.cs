using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Admin.Api.Reports;
using DbProxy.Core.Monitoring;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>The MySQL proxy and its servers: look at them, take one out or back in.</summary>
internal static class MySqlEndpoints
{
    private const int MaxWeight = 1000;

    public static void Map(RouteGroupBuilder api, AdminContext context, Reporter reporter)
    {
        api.MapGet("/mysql", Results<Ok<MySqlInfo>, Problem> () => reporter.MySql() is { } all ? TypedResults.Ok(all) : NoProxy)
            .WithSummary("The MySQL proxy: servers, sessions, pins, routes").ProducesProblem(404);
        api.MapGet("/mysql/servers/{server}", Results<Ok<MySqlServerInfo>, Problem> (string server) =>
            reporter.DatabaseServer(PathNames.Of(server)) is { } one ? TypedResults.Ok(one) : NoServer(context, server))
            .WithSummary("A database server").ProducesProblem(404);
        api.MapPatch("/mysql/servers/{server}", Results<Ok<MySqlServerInfo>, Problem> (string server, MySqlServerChange change) =>
            Apply(context, server, change) is { } problem ? problem : TypedResults.Ok(reporter.DatabaseServer(PathNames.Of(server))!))
            .WithSummary("Changes a database server: state, weight").ProducesProblem(400).ProducesProblem(404);
        api.MapGet("/mysql/explain", Results<Ok<ExplainInfo>, Problem> (string sql) => reporter.Explain(sql) is { } answer ? TypedResults.Ok(answer) : NoProxy)
            .WithSummary("What would become of a statement now; it does not run").ProducesProblem(404);
    }

    private static Problem NoProxy => new(StatusCodes.Status404NotFound, "Not found", "This process has no MySQL proxy: no Servers are configured.");

    private static Problem? Apply(AdminContext context, string name, MySqlServerChange change)
    {
        if (context.Proxy?.Topology.Servers.FirstOrDefault(s => s.Name == PathNames.Of(name)) is not { } server)
            return NoServer(context, name);
        if (change.Weight is < 1 or > MaxWeight)
            return ServerChanger.Bad("weight", $"{change.Weight} is out of range; use 1 to {MaxWeight}");
        ServerOrder? order = null;
        if (change.State is { } word)
        {
            if (!ServerChanger.TryParse(word, out var state))
                return ServerChanger.BadState(word);
            order = state == LoadBalancer.Servers.AdminState.Ready ? ServerOrder.Ready : new(state, change.Reason ?? "by an operator");
        }
        server.Weight = change.Weight ?? server.Weight;
        if (order is not null)
            context.Proxy.Obey(server, order);
        return null;
    }

    private static Problem NoServer(AdminContext context, string name) => context.Proxy is not { } proxy
        ? NoProxy
        : new(StatusCodes.Status404NotFound, "Not found", $"There is no database server \"{name}\"; there are {string.Join(", ", proxy.Topology.Servers)}.");
}
