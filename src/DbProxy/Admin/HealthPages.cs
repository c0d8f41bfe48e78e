using System.Text;
using DbProxy.Admin.Access;

namespace DbProxy.Admin;

/// <summary><c>/healthz</c> and <c>/readyz</c>, for orchestrators and load balancers in front.</summary>
internal static class HealthPages
{
    public static void Map(WebApplication application, AdminContext context)
    {
        application.MapGet("/healthz", static () => Results.Text("ok\n")).ExcludeFromDescription().WithMetadata(OpenToAll.Mark);
        application.MapGet("/readyz", () => Readiness(context)).ExcludeFromDescription().WithMetadata(OpenToAll.Mark);
    }

    private static IResult Readiness(AdminContext context)
    {
        var isReady = context is not ({ Proxy.IsReady: false } or { Balancer.IsReady: false });
        var text = new StringBuilder(isReady ? "ready\n" : "not ready\n");
        foreach (var server in context.Proxy?.Topology.Servers ?? [])
            text.Append($"{server.Name}: {server.Model.Role} {server.Model.Health}: {server.Model.Reason}\n");
        foreach (var backend in context.Balancer?.Backends.Values ?? [])
            foreach (var server in backend.Servers)
                text.Append($"{backend.Name}/{server.Name}: {server.Status.Name}: {server.Status.Reason}\n");
        return Results.Text(text.ToString(), statusCode: isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable);
    }
}
