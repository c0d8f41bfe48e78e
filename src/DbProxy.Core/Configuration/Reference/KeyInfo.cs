using System.Collections;
using System.Reflection;

namespace DbProxy.Core.Configuration.Reference;

/// <summary>A key or a section as users see it.</summary>
/// <param name="Property">Where it is bound to.</param>
/// <param name="Path">Such as <c>Routing.MaxLag</c> or <c>Servers[].Weight</c>.</param>
/// <param name="Default">The value that applies when the key is not written; null: none.</param>
/// <param name="Summary">What it does.</param>
/// <param name="Risk">What can go wrong; null: nothing worth saying.</param>
/// <param name="IsLive">Whether a change takes effect on reload.</param>
/// <param name="Children">The keys of a section or of a list's elements.</param>
internal sealed record KeyInfo(
    PropertyInfo Property, string Path, object? Default, string Summary, string? Risk, bool IsLive, IReadOnlyList<KeyInfo> Children)
{
    public string Name => Property.Name;

    /// <summary>A list's element type, a map's value type, else the type itself.</summary>
    public Type ValueType => IsList || IsMap ? Property.PropertyType.GetGenericArguments()[^1]
        : Nullable.GetUnderlyingType(Property.PropertyType) ?? Property.PropertyType;

    public bool IsList => typeof(IList).IsAssignableFrom(Property.PropertyType);

    public bool IsMap => typeof(IDictionary).IsAssignableFrom(Property.PropertyType);

    public AllowedAttribute? Allowed => Property.GetCustomAttribute<AllowedAttribute>();

    /// <summary>The default in words, where a constant doesn't say it.</summary>
    public string? DefaultText => Property.GetCustomAttribute<DefaultTextAttribute>()?.Text;

    public string? Example => Property.GetCustomAttribute<ExampleAttribute>()?.Text;

    /// <summary>All keys of the configuration, section by section.</summary>
    public static IReadOnlyList<KeyInfo> All(XmlDocs docs) => Of(new ProxyOptions(), "", docs, false);

    private static KeyInfo[] Of(object defaults, string path, XmlDocs docs, bool isLive) =>
        [.. defaults.GetType().GetProperties().Select(p => One(p, defaults, path, docs, isLive))];

    private static KeyInfo One(PropertyInfo property, object defaults, string path, XmlDocs docs, bool isLive)
    {
        var value = property.GetValue(defaults);
        var at = path + property.Name;
        var live = isLive || property.GetCustomAttribute<LiveAttribute>() is not null;
        var isList = value is IList;
        var element = isList ? property.PropertyType.GetGenericArguments()[0] : property.PropertyType;
        KeyInfo[] children = !OptionTypes.IsSection(element) ? []
            : Of(isList ? Activator.CreateInstance(element)! : value!, isList ? $"{at}[]." : $"{at}.", docs, live);
        return new KeyInfo(property, at, value, docs.Summary(property), docs.Risk(property), live, children);
    }
}
