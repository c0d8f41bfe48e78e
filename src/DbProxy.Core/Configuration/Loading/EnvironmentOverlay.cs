using System.Text.RegularExpressions;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>
/// Lays environment variables over the file: <c>DBPROXY_ROUTING__MAXLAG</c> is Routing.MaxLag,
/// <c>DBPROXY_SERVERS__0__ADDRESS</c> is Servers[0].Address, <c>DBPROXY_LISTEN</c> takes a list with commas.
/// </summary>
internal static partial class EnvironmentOverlay
{
    public const string Prefix = "DBPROXY_";
    public const string MonitorPassword = "DBPROXY_MONITOR_PASSWORD";
    public const string AdminPassword = "DBPROXY_ADMIN_PASSWORD";

    public static void Apply(ConfigNode root, IReadOnlyDictionary<string, string> environment, MistakeList mistakes)
    {
        // By number, so that Servers[10] comes after Servers[9]: lists grow at their end only.
        foreach (var (name, value) in environment
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(v => Digits().Replace(v.Key, m => m.Value.PadLeft(9, '0')), StringComparer.OrdinalIgnoreCase))
        {
            var written = name switch
            {
                MonitorPassword => "MONITOR__PASSWORD",
                AdminPassword => "ADMIN__PASSWORD",
                _ => name[Prefix.Length..],
            };
            var segments = written.Split("__");
            if (segments.Length == 1 && !IsMeant(segments[0], name, mistakes)) continue;
            new EnvironmentVariable(new Place(name), value, mistakes).Apply(root, segments);
        }
    }

    /// <summary>
    /// Other programs own names with this prefix too: Kubernetes gives every pod DBPROXY_SERVICE_HOST and the like when
    /// a service is called dbproxy. A name without "__" counts only when it is a key, or a key but for its underscores.
    /// </summary>
    private static bool IsMeant(string segment, string name, MistakeList mistakes)
    {
        if (EnvironmentVariable.Property(typeof(ProxyOptions), segment) is not null) return true;
        var plain = segment.Replace("_", "", StringComparison.Ordinal);
        foreach (var section in typeof(ProxyOptions).GetProperties().Where(p => OptionTypes.IsSection(p.PropertyType)))
            foreach (var key in section.PropertyType.GetProperties())
                if (plain.Equals(section.Name + key.Name, StringComparison.OrdinalIgnoreCase))
                    mistakes.Add(new Place(name), "", $"no such key; did you mean {NameOf(section.Name, key.Name)}?");
        return false;
    }

    private static string NameOf(params string[] keys) => Prefix + string.Join("__", keys).ToUpperInvariant();

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
