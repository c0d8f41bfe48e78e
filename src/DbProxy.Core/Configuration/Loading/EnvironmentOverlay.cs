using System.Collections;
using System.Globalization;
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

    public static void Apply(ConfigNode root, IReadOnlyDictionary<string, string> environment, MistakeList mistakes)
    {
        // By number, so that Servers[10] comes after Servers[9]: lists grow at their end only.
        foreach (var (name, value) in environment
            .Where(v => v.Key.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
            .OrderBy(v => Digits().Replace(v.Key, m => m.Value.PadLeft(9, '0')), StringComparer.OrdinalIgnoreCase))
        {
            var written = name == MonitorPassword ? "MONITOR__PASSWORD" : name[Prefix.Length..];
            var segments = written.Split("__");
            if (segments.Length == 1 && !IsMeant(segments[0], name, mistakes)) continue;
            Walk(root, segments, new Place(name), value, mistakes);
        }
    }

    /// <summary>
    /// Other programs own names with this prefix too: Kubernetes gives every pod DBPROXY_SERVICE_HOST and the like when
    /// a service is called dbproxy. A name without "__" counts only when it is a key, or a key but for its underscores.
    /// </summary>
    private static bool IsMeant(string segment, string name, MistakeList mistakes)
    {
        if (Property(typeof(ProxyOptions), segment) is not null) return true;
        var plain = segment.Replace("_", "", StringComparison.Ordinal);
        foreach (var section in typeof(ProxyOptions).GetProperties().Where(p => OptionTypes.IsSection(p.PropertyType)))
            foreach (var key in section.PropertyType.GetProperties())
                if (plain.Equals(section.Name + key.Name, StringComparison.OrdinalIgnoreCase))
                    mistakes.Add(new Place(name), "", $"no such key; did you mean {NameOf(section.Name, key.Name)}?");
        return false;
    }

    private static string NameOf(params string[] keys) => Prefix + string.Join("__", keys).ToUpperInvariant();

    private static void Walk(ConfigNode node, string[] segments, Place place, string value, MistakeList mistakes)
    {
        var type = typeof(ProxyOptions);
        for (var i = 0; i < segments.Length; i++)
        {
            if (Property(type, segments[i]) is not { } property)
            {
                mistakes.Add(place, "", $"\"{segments[i]}\" is no key of the configuration{KeyNames.Suggest(type, segments[i])}");
                return;
            }
            type = property.PropertyType;
            var isLast = i == segments.Length - 1;
            if (typeof(IDictionary).IsAssignableFrom(type) && !isLast)
            {
                // Dots are not allowed in variable names everywhere, so "__" stands for the dots of a category.
                Child(node, property.Name, NodeKind.Object, place)?.Set(string.Join('.', segments[(i + 1)..]), Leaf(place, value));
                return;
            }
            if (typeof(IList).IsAssignableFrom(type) && !isLast)
            {
                type = type.GetGenericArguments()[0];
                if (Child(node, property.Name, NodeKind.Array, place) is not { } list) return;
                if (Element(list, type, segments[++i], place, property.Name, mistakes) is not { } index) return;
                if (!OptionTypes.IsSection(type)) list.Items[index] = Leaf(place, value);
                else node = list.Items[index];
                if (i < segments.Length - 1) continue;
                if (OptionTypes.IsSection(type)) mistakes.Add(place, "", $"{property.Name}[{index}] is a section; set {place}__… for one of its keys");
                return;
            }
            if (isLast) SetLast(node, property.Name, type, place, value, mistakes);
            else if (Child(node, property.Name, NodeKind.Object, place) is { } child) node = child;
            else return;
        }
    }

    private static void SetLast(ConfigNode node, string name, Type type, Place place, string value, MistakeList mistakes)
    {
        if (type == typeof(List<string>))
        {
            var list = new ConfigNode(NodeKind.Array, place);
            foreach (var item in value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))
                list.Items.Add(Leaf(place, item));
            node.Set(name, list);
        }
        else if (OptionTypes.IsSection(type) || typeof(IEnumerable).IsAssignableFrom(type) && type != typeof(string))
            mistakes.Add(place, "", $"{name} holds several keys; set {place}__… for one of them");
        else
        {
            PasswordForms.Supersede(node, name, place);
            node.Set(name, Leaf(place, value));
        }
    }

    private static int? Element(ConfigNode list, Type type, string segment, Place place, string name, MistakeList mistakes)
    {
        if (!int.TryParse(segment, NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            mistakes.Add(place, "", $"{name} is a list; write a number in place of \"{segment}\"");
        else if (index > list.Items.Count)
            mistakes.Add(place, "", $"{name} has {list.Items.Count} elements, so the next one is {list.Items.Count}");
        else
        {
            if (index == list.Items.Count)
                list.Items.Add(new ConfigNode(OptionTypes.IsSection(type) ? NodeKind.Object : NodeKind.Text, place));
            return index;
        }
        return null;
    }

    /// <summary>Null when the file has another kind of value there: that is a mistake which the binder reports.</summary>
    private static ConfigNode? Child(ConfigNode node, string name, NodeKind kind, Place place)
    {
        if (node.Kind != NodeKind.Object) return null;
        if (node.Find(name) is not { } child) node.Set(name, child = new ConfigNode(kind, place));
        return child.Kind == kind ? child : null;
    }

    private static ConfigNode Leaf(Place place, string value) => new(NodeKind.Text, place, value);

    private static System.Reflection.PropertyInfo? Property(Type type, string name) => !OptionTypes.IsSection(type) ? null
        : Array.Find(type.GetProperties(), p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    [GeneratedRegex("[0-9]+")]
    private static partial Regex Digits();
}
