using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Admin.Api.Reports;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>Statistics, whole and in parts.</summary>
internal static class StatsEndpoints
{
    public static void Map(RouteGroupBuilder api, AdminContext context, Reporter reporter)
    {
        api.MapGet("/stats", (HttpContext http) => reporter.Stats(AccessOf(http, context)))
            .WithSummary("Everything at one moment");
        api.MapGet("/process", reporter.Process).WithSummary("The process");
        api.MapGet("/frontends", reporter.Frontends).WithSummary("The frontends");
        api.MapGet("/backends", reporter.Backends).WithSummary("The backends with their servers");
        api.MapPost("/counters/reset", () =>
        {
            reporter.Reset();
            return TypedResults.NoContent();
        }).WithSummary("Counters and maxima begin anew here; Prometheus' go on");
    }

    private static AccessInfo AccessOf(HttpContext http, AdminContext context) =>
        new(context.Config.Current.Admin.Password is not null, http.Features.Get<LoggedIn>() is not null);
}
