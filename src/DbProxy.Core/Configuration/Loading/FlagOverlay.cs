namespace DbProxy.Core.Configuration.Loading;

/// <summary>A flag of the command line that sets a key.</summary>
/// <param name="Flag">As the user wrote it, such as <c>--listen</c>.</param>
/// <param name="Path">The key, such as <c>Monitor.User</c>; a list's flags replace the list.</param>
/// <param name="Value">The text behind the flag.</param>
public sealed record FlagValue(string Flag, string Path, string Value);

/// <summary>Lays flags over the file and the environment.</summary>
internal static class FlagOverlay
{
    public static void Apply(ConfigNode root, IReadOnlyList<FlagValue> flags, MistakeList mistakes)
    {
        foreach (var group in flags.GroupBy(f => f.Path))
        {
            var place = new Place(group.First().Flag);
            switch (group.Key)
            {
                case nameof(ProxyOptions.Listen):
                    var listen = new ConfigNode(NodeKind.Array, place);
                    listen.Items.AddRange(group.Select(f => new ConfigNode(NodeKind.Text, place, f.Value)));
                    root.Set(group.Key, listen);
                    break;
                case nameof(ProxyOptions.Servers):
                    var servers = new ConfigNode(NodeKind.Array, place);
                    servers.Items.AddRange(group.Select(f => ServerFlag.Read(f, mistakes)).OfType<ConfigNode>());
                    root.Set(group.Key, servers);
                    break;
                default:
                    SetKey(root, group.Last(), place);
                    break;
            }
        }
    }

    private static void SetKey(ConfigNode root, FlagValue flag, Place place)
    {
        var (section, key) = flag.Path.Split('.') is [var s, var k] ? (s, k) : ("", flag.Path);
        var node = section.Length == 0 ? root : root.Find(section);
        if (node is null) root.Set(section, node = new ConfigNode(NodeKind.Object, place));
        PasswordForms.Supersede(node, key, place);
        node.Set(key, new ConfigNode(NodeKind.Text, place, flag.Value));
    }
}
