namespace DbProxy.Core.Configuration.Loading;

/// <summary>What a value looks like where it was written.</summary>
internal enum NodeKind
{
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,

    /// <summary>From an environment variable or a flag: stands for any scalar type.</summary>
    Text,
}

/// <summary>
/// A value of the configuration with its place. The tree is mutable only until it is bound: environment variables and
/// flags are laid over the file's nodes, so that one binder reports the mistakes of all three by their places.
/// </summary>
internal sealed class ConfigNode(NodeKind kind, Place place, string text = "")
{
    public NodeKind Kind { get; } = kind;

    public Place Place { get; } = place;

    /// <summary>A scalar's text, without quotes.</summary>
    public string Text { get; } = text;

    /// <summary>An object's members in their order.</summary>
    public List<Member> Members { get; } = [];

    /// <summary>An array's elements.</summary>
    public List<ConfigNode> Items { get; } = [];

    public ConfigNode? Find(string name) => Members.Find(m => m.Name == name)?.Value;

    /// <summary>Adds or replaces a member.</summary>
    public void Set(string name, ConfigNode value)
    {
        var index = Members.FindIndex(m => m.Name == name);
        var member = new Member(name, value.Place, value);
        if (index < 0) Members.Add(member);
        else Members[index] = member;
    }

    public void Remove(string name) => Members.RemoveAll(m => m.Name == name);

    internal sealed record Member(string Name, Place Place, ConfigNode Value);
}
