using System.Text.RegularExpressions;

namespace DbProxy.Demo.Site.Control;

/// <summary>Names of actions.</summary>
internal static partial class SiteActions
{
    /// <summary>For people and scripts: stop-replication.</summary>
    public static string Text(SiteAction action) => Inside().Replace(action.ToString(), "-$0").ToLowerInvariant();

    [GeneratedRegex("(?<!^)[A-Z]")]
    private static partial Regex Inside();
}
