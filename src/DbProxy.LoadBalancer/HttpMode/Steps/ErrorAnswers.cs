using System.Collections.Frozen;
using System.Globalization;
using System.Text;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Http;

namespace DbProxy.LoadBalancer.HttpMode.Steps;

/// <summary>Responses for what went wrong here, or was refused.</summary>
internal sealed class ErrorAnswers(HttpConfig config, Identity identity)
{
    private static readonly FrozenDictionary<int, string> Texts = new Dictionary<int, string>
    {
        [400] = "The request could not be understood.",
        [403] = "Access is denied by a rule.",
        [405] = "This method is not supported.",
        [408] = "The request came too slowly.",
        [413] = "The request is too large.",
        [429] = "Too many requests. Please try again later.",
        [500] = "Something went wrong in the load balancer.",
        [502] = "The server sent no valid response.",
        [503] = "No server is available to handle this request.",
        [504] = "The server did not respond in time.",
    }.ToFrozenDictionary();

    private readonly FrozenDictionary<int, (byte[] Body, string Type)> _pages = Texts
        .ToDictionary(t => t.Key, t => new ErrorPage(BuiltIn(t.Key, t.Value)))
        .Concat(config.ErrorPages)
        .GroupBy(p => p.Key)
        .ToFrozenDictionary(p => p.Key, p => (Encoding.UTF8.GetBytes(p.Last().Value.Body), p.Last().Value.ContentType));

    /// <summary>Answers with the page for a status; without effect when the response has begun.</summary>
    /// <param name="exchange">The request.</param>
    /// <param name="status">The status.</param>
    /// <param name="end">Of <see cref="EndState"/>.</param>
    /// <param name="retryAfter">When the client may come again; zero: nothing is said of it.</param>
    public async ValueTask WriteAsync(Exchange exchange, int status, string end, TimeSpan retryAfter = default)
    {
        exchange.End = end;
        var response = exchange.Http.Response;
        if (response.HasStarted)
            return;
        var connection = response.Headers.Connection;
        response.Clear();
        response.Headers.Connection = connection;
        identity.Apply(exchange);
        response.StatusCode = status;
        if (exchange.Http.RequestAborted.IsCancellationRequested)
            return;
        response.Headers.CacheControl = "no-store";
        if (retryAfter > TimeSpan.Zero)
            response.Headers.RetryAfter = Math.Ceiling(retryAfter.TotalSeconds).ToString(CultureInfo.InvariantCulture);
        if (_pages.TryGetValue(status, out var page))
            await WriteAsync(exchange.Http, page.Body, page.Type);
    }

    public static async ValueTask WriteAsync(HttpContext http, byte[] body, string type)
    {
        if (body.Length == 0)
            return;
        http.Response.ContentType = type;
        http.Response.ContentLength = body.Length;
        if (!HttpMethods.IsHead(http.Request.Method))
            await http.Response.Body.WriteAsync(body, http.RequestAborted);
    }

    private static string BuiltIn(int status, string text)
    {
        var title = $"{status} {Microsoft.AspNetCore.WebUtilities.ReasonPhrases.GetReasonPhrase(status)}";
        return $"<!doctype html><html><head><title>{title}</title></head><body><h1>{title}</h1><p>{text}</p></body></html>\n";
    }
}
