namespace DbProxy.SampleApp.Http;

/// <summary>
/// Says in the headers of each answer who took part in it. The front end and the web server tell their names by a header of
/// the request.
/// </summary>
internal sealed class ServedBy(RequestDelegate next, ShopOptions options)
{
    public const string FrontEnd = "X-Front-End";
    public const string WebServer = "X-Web-Server";
    public const string AppServer = "X-App-Server";
    public const string DatabaseRead = "X-Db-Read";
    public const string DatabaseWrite = "X-Db-Write";

    public Task InvokeAsync(HttpContext http)
    {
        http.Response.Headers[AppServer] = options.Name;
        Echo(http, FrontEnd);
        Echo(http, WebServer);
        return next(http);
    }

    private static void Echo(HttpContext http, string header)
    {
        if (http.Request.Headers.TryGetValue(header, out var name))
            http.Response.Headers[header] = name;
    }
}
