using System.Collections.Frozen;
using System.Reflection;

namespace DbProxy.Admin.Page;

/// <summary>The statistics page and its files, which are in the program itself.</summary>
internal static class StatisticsPage
{
    private const string Index = "index.html";
    private const string Prefix = "DbProxy.Admin.Page.Assets.";

    private static readonly FrozenDictionary<string, string> Types = new Dictionary<string, string>
    {
        [".html"] = "text/html; charset=utf-8",
        [".css"] = "text/css; charset=utf-8",
        [".js"] = "text/javascript; charset=utf-8",
        [".svg"] = "image/svg+xml",
    }.ToFrozenDictionary();

    private static readonly FrozenDictionary<string, byte[]> Files = Assembly.GetExecutingAssembly().GetManifestResourceNames()
        .Where(static name => name.StartsWith(Prefix, StringComparison.Ordinal))
        .ToFrozenDictionary(static name => name[Prefix.Length..], Read);

    public static void Map(WebApplication application)
    {
        application.MapGet("/", static () => File(Index)).ExcludeFromDescription();
        application.MapGet("/assets/{file}", static (string file) => File(file)).ExcludeFromDescription();
    }

    private static IResult File(string name) => Files.TryGetValue(name, out var content)
        ? Results.Bytes(content, Types[Path.GetExtension(name)])
        : Results.NotFound();

    private static byte[] Read(string resource)
    {
        using var stream = Assembly.GetExecutingAssembly().GetManifestResourceStream(resource)!;
        using var copy = new MemoryStream();
        stream.CopyTo(copy);
        return copy.ToArray();
    }
}
