using DbProxy.SampleApp.Data;

namespace DbProxy.SampleApp.Http;

/// <summary>Everybody who takes part in an answer, in JSON. A database that fails is named, and is no failure of this answer.</summary>
internal static class WhoAmI
{
    public static async Task<IResult> AnswerAsync(ShopDatabase database, ShopOptions options, HttpContext http)
    {
        var request = http.Request.Headers;
        var (read, readError) = await AskAsync(database.ReaderAsync(http.RequestAborted));
        var (write, writeError) = await AskAsync(database.WriterAsync(http.RequestAborted));
        if (read is not null) http.Response.Headers[ServedBy.DatabaseRead] = read;
        if (write is not null) http.Response.Headers[ServedBy.DatabaseWrite] = write;
        return Results.Json(new
        {
            Client = request["X-Forwarded-For"].FirstOrDefault() ?? http.Connection.RemoteIpAddress?.ToString(),
            Scheme = request["X-Forwarded-Proto"].FirstOrDefault() ?? http.Request.Scheme,
            FrontEnd = request[ServedBy.FrontEnd].FirstOrDefault(),
            WebServer = request[ServedBy.WebServer].FirstOrDefault(),
            AppServer = options.Name,
            DatabaseRead = read,
            DatabaseWrite = write,
            Errors = new[] { readError, writeError }.OfType<string>(),
        });
    }

    private static async Task<(string? Server, string? Error)> AskAsync(Task<string?> question)
    {
        try
        {
            return (await question, null);
        }
        catch (Exception error) when (ErrorAnswers.IsDatabases(error))
        {
            return (null, error.Message);
        }
    }
}
