namespace DbProxy.Demo.Site.Files;

/// <summary>The files below config/ that the compose stack uses too; this program carries them along.</summary>
internal static class SharedFiles
{
    public const string Front = "front/front.json";
    public const string DatabaseFront = "front/database.json";
    public const string Proxy = "proxy/proxy.json";
    public const string WebSite = "nginx/site.conf";
    public const string Alerts = "prometheus/alerts.yml";

    public static string Read(string name)
    {
        using var stream = typeof(SharedFiles).Assembly.GetManifestResourceStream("config/" + name)
            ?? throw new InvalidOperationException($"{name} is not in this program.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
