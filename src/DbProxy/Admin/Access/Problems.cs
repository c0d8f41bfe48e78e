using System.Text.Json;
using Microsoft.AspNetCore.Http.Extensions;

namespace DbProxy.Admin.Access;

/// <summary>Surrounds all requests: whatever goes wrong in there is answered by a <see cref="Problem"/>.</summary>
internal sealed class Problems(ILogger logger)
{
    public async Task SurroundAsync(HttpContext http, RequestDelegate next)
    {
        try
        {
            await next(http);
        }
        catch (BadHttpRequestException e)
        {
            await WriteAsync(http, new(e.StatusCode, "The request is not understood", Explain(e)));
            return;
        }
        catch (Exception e) when (e is not OperationCanceledException || !http.RequestAborted.IsCancellationRequested)
        {
            AdminLog.Defect(logger, e, http.Request.Method, http.Request.GetEncodedPathAndQuery());
            await WriteAsync(http, new(500, "The proxy failed", "This is a defect of the proxy; its log says more."));
            return;
        }
        if (http.Response is { HasStarted: false, ContentType: null } && OfStatus(http) is { } problem)
            await WriteAsync(http, problem);
    }

    private static Task WriteAsync(HttpContext http, Problem problem) => http.Response.HasStarted ? Task.CompletedTask : problem.ExecuteAsync(http);

    /// <summary>In words for who wrote the request; those of .NET name its types.</summary>
    private static string Explain(BadHttpRequestException e) => e.InnerException switch
    {
        JsonException json when json.Message.Contains("could not be mapped", StringComparison.Ordinal) =>
            $"There is no key \"{json.Message.Split('\'').ElementAtOrDefault(1)}\"; /api/v1/openapi.json lists those that there are.",
        JsonException json when json.Message.Contains("missing required properties", StringComparison.Ordinal) =>
            $"The body lacks {json.Message.Split(": ")[^1]}",
        JsonException json => $"The body is not the JSON that is expected, at {json.Path ?? "$"}, line {json.LineNumber + 1}, byte {json.BytePositionInLine + 1}.",
        null when e.Message.Contains("no body was provided", StringComparison.Ordinal) => "The body is missing; send the changes as a JSON object.",
        _ => e.Message,
    };

    /// <summary>What routing says with a status alone.</summary>
    private static Problem? OfStatus(HttpContext http) => http.Response.StatusCode switch
    {
        404 => new(404, "Not found", $"There is nothing at {http.Request.Path}; /api/v1/openapi.json lists what there is."),
        405 => new(405, "Not allowed here", $"{http.Request.Path} doesn't take {http.Request.Method}, but {http.Response.Headers.Allow}."),
        415 => new(415, "Not JSON", "Send the body with Content-Type: application/json."),
        _ => null,
    };
}
