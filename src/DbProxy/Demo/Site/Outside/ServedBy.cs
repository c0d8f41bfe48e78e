using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Outside;

/// <summary>The headers in which an answer says who took part in it.</summary>
internal static class ServedBy
{
    public const string Reader = "X-Db-Read";
    public const string Writer = "X-Db-Write";

    /// <summary>With what they tell, from the users inwards.</summary>
    public static readonly IReadOnlyDictionary<string, string> Headers = new Dictionary<string, string>
    {
        ["X-Front-End"] = "front ends",
        ["X-Web-Server"] = "web servers",
        ["X-App-Server"] = "applications",
        [Reader] = "reads from",
        [Writer] = "writes to",
    };

    /// <summary>The header that names members of a tier; null: none does.</summary>
    public static string? HeaderOf(string tier) => tier switch
    {
        Tiers.Front => "X-Front-End",
        Tiers.Web => "X-Web-Server",
        Tiers.App => "X-App-Server",
        Tiers.Database => Reader,
        _ => null,
    };

    /// <summary>A database server's name as the site calls it; the header says host name/server id.</summary>
    public static string NameOf(string header, string value) =>
        header is Reader or Writer && value.LastIndexOf('/') is >= 0 and var slash ? $"db{value[(slash + 1)..]}" : value;
}
