using System.Collections;
using System.Globalization;
using System.Reflection;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Walks the parts of one variable's name along the options' types and sets the node at their end.</summary>
internal sealed class EnvironmentVariable(Place place, string value, MistakeList mistakes)
{
    public void Apply(ConfigNode root, ReadOnlySpan<string> parts) => Section(root, typeof(ProxyOptions), parts);

    /// <summary>The key of a section, in any case: variables are mostly written in capitals.</summary>
    public static PropertyInfo? Property(Type section, string name) =>
        Array.Find(section.GetProperties(), p => p.Name.Equals(name, StringComparison.OrdinalIgnoreCase));

    private void Section(ConfigNode node, Type section, ReadOnlySpan<string> parts)
    {
        if (parts.IsEmpty) Mistake($"it names a section; add __ and one of its keys: {string.Join(", ", section.GetProperties().Select(p => p.Name))}");
        else if (Property(section, parts[0]) is { } property) Key(node, property.Name, property.PropertyType, parts[1..]);
        else Mistake($"\"{parts[0]}\" is no key of the configuration{KeyNames.Suggest(section, parts[0])}");
    }

    private void Key(ConfigNode node, string name, Type type, ReadOnlySpan<string> rest)
    {
        if (OptionTypes.IsSection(type)) Section(Child(node, name, NodeKind.Object), type, rest);
        else if (typeof(IDictionary).IsAssignableFrom(type)) Map(node, name, rest);
        else if (typeof(IList).IsAssignableFrom(type)) List(node, name, type.GetGenericArguments()[0], rest);
        else if (!rest.IsEmpty) Mistake($"{name} is a single value, without keys");
        else
        {
            PasswordForms.Supersede(node, name, place);
            node.Set(name, Leaf(value));
        }
    }

    /// <summary>Dots are not allowed in variable names everywhere, so "__" stands for the dots of a category.</summary>
    private void Map(ConfigNode node, string name, ReadOnlySpan<string> rest)
    {
        if (rest.IsEmpty) Mistake($"{name} holds several values; add __ and the name of one");
        else Child(node, name, NodeKind.Object).Set(string.Join('.', rest.ToArray()), Leaf(value));
    }

    private void List(ConfigNode node, string name, Type element, ReadOnlySpan<string> rest)
    {
        if (rest.IsEmpty && element == typeof(string)) node.Set(name, Separated());
        else if (rest.IsEmpty || !int.TryParse(rest[0], NumberStyles.None, CultureInfo.InvariantCulture, out var index))
            Mistake($"{name} is a list; write {EnvironmentOverlay.Prefix}{name.ToUpperInvariant()}__0 for its first element, and so on");
        else if (Child(node, name, NodeKind.Array).Items is var items && index > items.Count)
            Mistake($"{name} has no element {items.Count} yet; number the elements without gaps");
        else
        {
            if (index == items.Count) items.Add(OptionTypes.IsSection(element) ? new ConfigNode(NodeKind.Object, place) : Leaf(value));
            if (OptionTypes.IsSection(element)) Section(items[index], element, rest[1..]);
            else if (rest.Length > 1) Mistake($"{name}[{index}] is a single value, without keys");
            else items[index] = Leaf(value);
        }
    }

    private ConfigNode Separated()
    {
        var list = new ConfigNode(NodeKind.Array, place);
        list.Items.AddRange(value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries).Select(Leaf));
        return list;
    }

    /// <summary>
    /// The member to go on in. Where the file has another kind of value, a node that is in no tree: the file's mistake
    /// stays for the binder to report.
    /// </summary>
    private ConfigNode Child(ConfigNode node, string name, NodeKind kind)
    {
        if (node.Kind == NodeKind.Object && node.Find(name) is null) node.Set(name, new ConfigNode(kind, place));
        return node.Find(name) is { } child && child.Kind == kind ? child : new ConfigNode(kind, place);
    }

    private ConfigNode Leaf(string text) => new(NodeKind.Text, place, text);

    private void Mistake(string message) => mistakes.Add(place, "", message);
}
