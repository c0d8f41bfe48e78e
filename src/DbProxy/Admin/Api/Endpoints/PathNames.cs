namespace DbProxy.Admin.Api.Endpoints;

/// <summary>Names in paths. ASP.NET leaves an encoded slash as it is, so that it does not become a separator.</summary>
internal static class PathNames
{
    /// <summary>The name that was meant, such as <c>unix:/run/mysqld.sock</c>.</summary>
    public static string Of(string segment) => segment.Replace("%2F", "/", StringComparison.OrdinalIgnoreCase);
}
