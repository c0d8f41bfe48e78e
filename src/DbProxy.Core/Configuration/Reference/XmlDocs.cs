using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace DbProxy.Core.Configuration.Reference;

/// <summary>The documentation comments of the options, from the file that the compiler writes beside the assembly.</summary>
internal sealed partial class XmlDocs
{
    private readonly Dictionary<string, XElement> _members;

    private XmlDocs(XDocument document) => _members = document.Descendants("member")
        .ToDictionary(m => m.Attribute("name")!.Value, StringComparer.Ordinal);

    /// <summary>Only a build's output has the file: it serves the source tree and tests, not users.</summary>
    public static XmlDocs Load() => new(XDocument.Load(Path.Combine(AppContext.BaseDirectory, "DbProxy.Core.xml")));

    public string Summary(PropertyInfo property) => Part($"P:{property.DeclaringType!.FullName}.{property.Name}", "summary")
        ?? throw new InvalidOperationException($"{property} has no summary");

    public string Summary(Type type) => Part($"T:{type.FullName}", "summary") ?? "";

    public string Summary(FieldInfo field) => Part($"F:{field.DeclaringType!.FullName}.{field.Name}", "summary") ?? "";

    /// <summary>What can go wrong with the key's values, or null.</summary>
    public string? Risk(PropertyInfo property) => Part($"P:{property.DeclaringType!.FullName}.{property.Name}", "remarks");

    private string? Part(string member, string part) =>
        _members.GetValueOrDefault(member)?.Element(part) is { } element
            ? Spaces().Replace(string.Concat(element.Nodes().Select(Text)), " ").Trim() : null;

    private static string Text(XNode node) => node switch
    {
        XText text => text.Value,
        XElement element when element.Attribute("cref") is { } cref => cref.Value[(cref.Value.LastIndexOf('.') + 1)..],
        XElement element => element.Value,
        _ => "",
    };

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();
}
