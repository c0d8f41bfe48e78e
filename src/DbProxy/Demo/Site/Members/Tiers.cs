namespace DbProxy.Demo.Site.Members;

/// <summary>The kinds of members, from the users inwards.</summary>
internal static class Tiers
{
    public const string Front = "front";
    public const string Web = "web";
    public const string App = "app";
    public const string DatabaseFront = "database-front";
    public const string Proxy = "proxy";
    public const string Database = "database";
    public const string Monitoring = "monitoring";
}
