using System.Text.Json.Serialization;
using DbProxy.Admin.Api.Endpoints;
using DbProxy.Admin.Api.Reports;

namespace DbProxy.Admin.Api;

/// <summary>The runtime API under <c>/api/v1</c>, described by <c>/api/v1/openapi.json</c>.</summary>
internal static class RuntimeApi
{
    public static void AddServices(IServiceCollection services)
    {
        services.Configure<RouteHandlerOptions>(static options => options.ThrowOnBadRequest = true);
        services.ConfigureHttpJsonOptions(static options =>
        {
            // A misspelt key must not look as if it had been obeyed.
            options.SerializerOptions.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
            options.SerializerOptions.RespectRequiredConstructorParameters = true;
            options.SerializerOptions.RespectNullableAnnotations = true;
        });
        services.AddOpenApi(static options => options.AddDocumentTransformer(OpenApiTexts.Describe));
    }

    public static void Map(WebApplication application, AdminContext context, Reporter reporter)
    {
        application.MapOpenApi("/api/v1/openapi.json");
        var api = application.MapGroup("/api/v1").WithTags("DbProxy");
        StatsEndpoints.Map(api, context, reporter);
        ServerEndpoints.Map(api, context, reporter);
        MySqlEndpoints.Map(api, context, reporter);
        SessionEndpoints.Map(api, context, reporter);
        ConfigEndpoints.Map(api, context);
        CertificateEndpoints.Map(api, context);
    }
}
