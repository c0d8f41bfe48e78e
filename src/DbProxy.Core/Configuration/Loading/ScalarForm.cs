namespace DbProxy.Core.Configuration.Loading;

/// <summary>Whether a value is written in the form that its type has in JSON.</summary>
internal static class ScalarForm
{
    /// <summary>What is wrong with the form, or null.</summary>
    public static string? Problem(Type type, ConfigNode node, object? fallback) => node.Kind switch
    {
        NodeKind.Text => null,
        NodeKind.Null => fallback is null ? "null is not allowed here"
            : $"null is not allowed here; leave the key out for the default, {OptionTypes.Format(fallback)}",
        NodeKind.Object or NodeKind.Array => $"must be {Form(type)}",
        NodeKind.Number when type == typeof(TimeSpan) => $"{node.Text} has no unit; write \"{node.Text}s\" or \"{node.Text}ms\"",
        NodeKind.Number when type == typeof(ByteSize) => $"{node.Text} has no unit; write \"{node.Text}B\" or \"{node.Text}MiB\"",
        _ when type.IsEnum && node.Kind == NodeKind.String => Choice(type, node.Text),
        _ when node.Kind == Kind(type) => null,
        _ => $"{Shown(node)} must be {Form(type)}",
    };

    /// <summary>In files a name is written exactly so, as the schema says; OptionTypes itself takes any case.</summary>
    private static string? Choice(Type type, string text)
    {
        var names = OptionTypes.Names(type).Select(n => n.Name).ToList();
        return names.Contains(text) || !names.Contains(text, StringComparer.OrdinalIgnoreCase) ? null
            : $"\"{text}\" is written \"{names.First(n => n.Equals(text, StringComparison.OrdinalIgnoreCase))}\"";
    }

    private static NodeKind Kind(Type type) =>
        type == typeof(bool) ? NodeKind.Boolean
        : type == typeof(int) || type == typeof(double) ? NodeKind.Number
        : NodeKind.String;

    private static string Form(Type type) =>
        type == typeof(bool) ? "true or false"
        : type == typeof(int) ? "a whole number, without quotes"
        : type == typeof(double) ? "a number, without quotes"
        : type == typeof(TimeSpan) ? "a duration such as \"250ms\", \"10s\" or \"1m\""
        : type == typeof(ByteSize) ? "a size such as \"64MiB\""
        : type.IsEnum ? $"one of {string.Join(", ", OptionTypes.Names(type).Select(n => $"\"{n.Name}\""))}"
        : "text in quotes";

    private static string Shown(ConfigNode node) => node.Kind == NodeKind.String ? $"\"{node.Text}\"" : node.Text;
}
