using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Admin.Api.Reports;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.LoadBalancer.ProxyProtocol;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>The MySQL proxy and its servers: look at them, take one out or back in, add and remove them.</summary>
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
            .WithSummary("Changes a database server: state, weight, address").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        api.MapPost("/mysql/servers", Results<Created<MySqlServerInfo>, Problem> (NewMySqlServer server) => Add(context, reporter, server))
            .WithSummary("Adds a database server, until the process ends").ProducesProblem(400).ProducesProblem(404).ProducesProblem(409);
        api.MapDelete("/mysql/servers/{server}", Results<NoContent, Problem> (string server) => Remove(context, server))
            .WithSummary("Takes a database server away; what runs there comes to its end").ProducesProblem(404).ProducesProblem(409);
        api.MapGet("/mysql/explain", Results<Ok<ExplainInfo>, Problem> (string sql) => reporter.Explain(sql) is { } answer ? TypedResults.Ok(answer) : NoProxy)
            .WithSummary("What would become of a statement now; it does not run").ProducesProblem(404);
    }

    /// <summary>There is nothing of MySQL to look at or to change.</summary>
    public static Problem NoProxy => new(StatusCodes.Status404NotFound, "Not found", "This process has no MySQL proxy: no Servers are configured.");

    private static Problem? Apply(AdminContext context, string name, MySqlServerChange change)
    {
        if (Find(context, name, out var server) is { } missing)
            return missing;
        if (change.Weight is < 1 or > MaxWeight)
            return BadWeight(change.Weight.Value);
        HostPort address = default;
        if (change.Address is { } text && ServerChanger.AddressProblem(text, out address, takesUnix: true) is { } problem)
            return problem;
        ServerOrder? order = null;
        if (change.State is { } word)
        {
            if (!ServerChanger.TryParse(word, out var state))
                return ServerChanger.BadState(word);
            order = state == LoadBalancer.Servers.AdminState.Ready ? ServerOrder.Ready : new(state, change.Reason ?? "by an operator");
        }
        if (server!.IsRemoved && (order is not { IsReady: false } || change.Weight is not null || change.Address is not null))
            return Conflict($"{server} was removed, and is gone when nothing runs there any more; add it again");
        if (change.Address is not null)
        {
            if (context.Proxy!.Context.Servers.Change(all => all.Select(s => s.Name == PathNames.Of(name) ? s with { Address = address } : s)) is { } reason)
                return Conflict(reason);
            if (Find(context, name, out server) is { } gone)
                return gone;
        }
        server!.Weight = change.Weight ?? server.Weight;
        if (order is not null)
            context.Proxy!.Obey(server, order);
        return null;
    }

    private static Results<Created<MySqlServerInfo>, Problem> Add(AdminContext context, Reporter reporter, NewMySqlServer server)
    {
        if (context.Proxy is not { } proxy)
            return NoProxy;
        if (ServerChanger.AddressProblem(server.Address, out var address, takesUnix: true) is { } problem)
            return problem;
        if (server.Weight is < 1 or > MaxWeight)
            return BadWeight(server.Weight);
        if (server.Name is { Length: 0 })
            return ServerChanger.Bad("name", "a name must not be empty; leave it out to use the address");
        if (!Enum.TryParse<ProxyHeaderVersion>(server.ProxyProtocol, ignoreCase: true, out var header) || !char.IsLetter(server.ProxyProtocol[0]))
            return ServerChanger.Bad("proxyProtocol", $"\"{server.ProxyProtocol}\" is not one of none, v1, v2");
        var name = server.Name ?? address.ToString();
        return proxy.Context.Servers.Change(all => [.. all, new(name, address, server.Weight, header)]) is { } reason
            ? Conflict(reason)
            : TypedResults.Created($"/api/v1/mysql/servers/{Uri.EscapeDataString(name)}", reporter.DatabaseServer(name)!);
    }

    private static Results<NoContent, Problem> Remove(AdminContext context, string name)
    {
        if (Find(context, name, out var server) is { } missing)
            return missing;
        return context.Proxy!.Context.Servers.Change(all => all.Where(s => s.Name != server!.Name)) is { } reason ? Conflict(reason) : TypedResults.NoContent();
    }

    private static Problem? Find(AdminContext context, string name, out ServerState? server)
    {
        server = context.Proxy?.Topology.Servers.FirstOrDefault(s => s.Name == PathNames.Of(name));
        return server is null ? NoServer(context, name) : null;
    }

    private static Problem BadWeight(int weight) => ServerChanger.Bad("weight", $"{weight} is out of range; use 1 to {MaxWeight}");

    private static Problem Conflict(string why) => new(StatusCodes.Status409Conflict, "The servers can't be changed so", $"{char.ToUpperInvariant(why[0])}{why[1..]}.");

    private static Problem NoServer(AdminContext context, string name) => context.Proxy is not { } proxy
        ? NoProxy
        : new(StatusCodes.Status404NotFound, "Not found", $"There is no database server \"{name}\"; there are {string.Join(", ", proxy.Topology.Servers)}.");
}
