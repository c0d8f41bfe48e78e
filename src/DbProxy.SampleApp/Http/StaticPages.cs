namespace DbProxy.SampleApp.Http;

/// <summary>
/// The page at / comes from here always, so that it passes the whole way. What lies under /static a web server in front may
/// serve itself; both say how long browsers may keep it.
/// </summary>
internal static class StaticPages
{
    public static void Map(WebApplication app)
    {
        app.UseStaticFiles(new StaticFileOptions
        {
            OnPrepareResponse = static file => file.Context.Response.Headers.CacheControl = "public, max-age=3600",
        });
        var page = Path.Combine(app.Environment.ContentRootPath, "wwwroot", "index.html");
        app.MapGet("/", (HttpContext http) =>
        {
            http.Response.Headers.CacheControl = "no-cache";
            return Results.File(page, "text/html; charset=utf-8");
        });
    }
}
