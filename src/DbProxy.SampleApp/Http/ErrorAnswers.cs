using DbProxy.SampleApp.Data;
using MySqlConnector;

namespace DbProxy.SampleApp.Http;

/// <summary>Failures of the database as answers that people and programs can read (RFC 9457).</summary>
internal sealed partial class ErrorAnswers(RequestDelegate next, ShopMetrics metrics, ILogger<ErrorAnswers> logger)
{
    public async Task InvokeAsync(HttpContext http)
    {
        try
        {
            await next(http);
        }
        catch (UnknownOutcomeException error) when (!http.Response.HasStarted)
        {
            await AnswerAsync(http, error.InnerException!, "It is not known whether your order was taken: look before you order again");
        }
        catch (Exception error) when (IsDatabases(error) && !http.Response.HasStarted)
        {
            var nothingDone = HttpMethods.IsPost(http.Request.Method) ? "The database failed; nothing was ordered" : "The database failed";
            await AnswerAsync(http, error, nothingDone);
        }
        catch (OperationCanceledException) when (http.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer.
        }
    }

    /// <summary>Whether the database failed, by its own word or by ending the connection.</summary>
    public static bool IsDatabases(Exception error) => error is MySqlException or EndOfStreamException;

    private Task AnswerAsync(HttpContext http, Exception error, string title)
    {
        var code = (error as MySqlException)?.Number ?? 0;
        metrics.DatabaseErrors.WithLabels(code.ToString(System.Globalization.CultureInfo.InvariantCulture)).Inc();
        LogFailed(http.Request.Method, http.Request.Path, code, error.Message);
        http.Response.Headers.RetryAfter = "1";
        return Results.Problem(error.Message, statusCode: StatusCodes.Status503ServiceUnavailable, title: title).ExecuteAsync(http);
    }

    [LoggerMessage(20, LogLevel.Warning, "{Method} {Path}: error {Code}: {Message}")]
    private partial void LogFailed(string method, string path, int code, string message);
}
