using System.Collections;
using System.Reflection;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Holds every value against its <see cref="AllowedAttribute"/>.</summary>
internal static class RangeCheck
{
    public static void Run(object options, string path, MistakeList mistakes)
    {
        foreach (var property in options.GetType().GetProperties())
        {
            var at = path.Length == 0 ? property.Name : $"{path}.{property.Name}";
            var value = property.GetValue(options);
            if (value is IList list) RunItems(list, at, mistakes);
            else if (property.GetCustomAttribute<AllowedAttribute>() is { } allowed)
                Compare((IComparable)value!, allowed, at, mistakes);
            else if (value is not null && OptionTypes.IsSection(property.PropertyType)) Run(value, at, mistakes);
        }
    }

    private static void RunItems(IList list, string path, MistakeList mistakes)
    {
        for (var i = 0; i < list.Count; i++)
            if (list[i] is { } item && OptionTypes.IsSection(item.GetType())) Run(item, $"{path}[{i}]", mistakes);
    }

    private static void Compare(IComparable value, AllowedAttribute allowed, string path, MistakeList mistakes)
    {
        var (min, max) = (Limit(allowed.Min), Limit(allowed.Max));
        if (value.CompareTo(min) < 0 || value.CompareTo(max) > 0)
            mistakes.Add(path, $"{OptionTypes.Format(value)} is out of range; use {allowed.Min} to {allowed.Max}");

        object Limit(string text) => OptionTypes.TryParse(value.GetType(), text, out var limit, out var error)
            ? limit! : throw new InvalidOperationException($"{path}: {error}");
    }
}
