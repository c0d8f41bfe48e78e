using Microsoft.AspNetCore.Mvc;

namespace DbProxy.Admin.Access;

/// <summary>An answer that says what went wrong and what to do, as RFC 9457 has it.</summary>
/// <param name="Status">The HTTP status.</param>
/// <param name="Title">What went wrong, the same for all of its kind.</param>
/// <param name="Detail">This case, and what to do.</param>
internal sealed record Problem(int Status, string Title, string Detail) : IResult
{
    public const string ContentType = "application/problem+json";

    public Task ExecuteAsync(HttpContext httpContext)
    {
        httpContext.Response.StatusCode = Status;
        return httpContext.Response.WriteAsJsonAsync(
            new ProblemDetails { Type = "about:blank", Status = Status, Title = Title, Detail = Detail }, options: null, ContentType);
    }
}
