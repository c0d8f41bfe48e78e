using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace DbProxy.Admin.Api;

/// <summary>What the OpenAPI document says of the whole: title, and how to log in.</summary>
internal static class OpenApiTexts
{
    private static readonly Dictionary<string, string> _refusals = new()
    {
        ["401"] = "The password is missing or wrong.",
        ["403"] = "No password is configured, or another site's page may have sent it.",
        ["429"] = "Too many wrong passwords came from this source.",
    };

    public static Task Describe(OpenApiDocument document, OpenApiDocumentTransformerContext context, CancellationToken cancellationToken)
    {
        document.Info = new()
        {
            Title = "DbProxy runtime API",
            Version = "v1",
            Description = "Statistics and actions of a running proxy. Actions (PATCH, POST, DELETE) need the password of Admin.Password, and "
                + "Content-Type: application/json or, without a body, the header X-DbProxy: 1. Errors are application/problem+json.",
        };
        document.Components ??= new();
        document.AddComponent("basic", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "basic" });
        document.AddComponent("bearer", new OpenApiSecurityScheme { Type = SecuritySchemeType.Http, Scheme = "bearer" });
        foreach (var (_, action) in document.Paths.Values.SelectMany(p => p.Operations ?? []).Where(o => o.Key != HttpMethod.Get))
        {
            action.Security = [Needs(document, "bearer"), Needs(document, "basic")];
            foreach (var (status, meaning) in _refusals)
                (action.Responses ??= [])[status] = new OpenApiResponse { Description = meaning };
        }
        return Task.CompletedTask;
    }

    private static OpenApiSecurityRequirement Needs(OpenApiDocument document, string scheme) =>
        new() { [new OpenApiSecuritySchemeReference(scheme, document)] = [] };
}
