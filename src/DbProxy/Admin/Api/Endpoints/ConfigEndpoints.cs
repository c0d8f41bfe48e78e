using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Core.Configuration;
using Microsoft.AspNetCore.Http.HttpResults;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>The configuration: read it again, and see what came of the last time, whoever asked for it.</summary>
internal sealed class ConfigEndpoints
{
    private readonly ConfigStore _store;
    private volatile ReloadInfo? _last;

    private ConfigEndpoints(ConfigStore store)
    {
        _store = store;
        _store.Reloaded += result => _last = Describe(result);
    }

    public static void Map(RouteGroupBuilder api, AdminContext context)
    {
        var endpoints = new ConfigEndpoints(context.Config);
        api.MapGet("/config", () => new ConfigInfo(context.Config.File, endpoints._last))
            .WithSummary("The configuration file, and the mistakes of the last attempt to read it again");
        api.MapPost("/config/reload", endpoints.ReloadAsync)
            .WithSummary("Reads the configuration again; with a mistake the former one stays in force").ProducesProblem(422);
    }

    private async Task<Results<Ok<ReloadInfo>, Problem>> ReloadAsync()
    {
        var result = Describe(await _store.ReloadAsync());
        return result.Applied
            ? TypedResults.Ok(result)
            : new Problem(StatusCodes.Status422UnprocessableEntity, "Not reloaded: the former configuration stays in force", string.Join('\n', result.Mistakes));
    }

    private static ReloadInfo Describe(ReloadResult result) =>
        new(DateTimeOffset.UtcNow, result.Applied, [.. result.Mistakes.Select(m => m.ToString())], [.. result.NeedRestart]);
}
