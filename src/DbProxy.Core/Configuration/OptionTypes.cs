using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;

namespace DbProxy.Core.Configuration;

/// <summary>The few types that options are made of: how each is written and read.</summary>
internal static class OptionTypes
{
    /// <summary>Whether the type is an options class, a section of the file.</summary>
    public static bool IsSection(Type type) => type.IsClass && type.Name.EndsWith("Options", StringComparison.Ordinal);

    /// <summary>The names of an enum's values as the configuration writes them.</summary>
    public static IReadOnlyList<(string Name, object Value)> Names(Type type) =>
        [.. type.GetFields(BindingFlags.Public | BindingFlags.Static).Select(f =>
            (f.GetCustomAttribute<JsonStringEnumMemberNameAttribute>()?.Name ?? f.Name, f.GetValue(null)!))];

    /// <summary>The value as the configuration writes it, without quotes.</summary>
    public static string Format(object value) => value switch
    {
        TimeSpan duration => Duration.Format(duration),
        bool flag => flag ? "true" : "false",
        Enum choice => Names(choice.GetType()).First(n => n.Value.Equals(choice)).Name,
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString() ?? "",
    };

    /// <summary>Reads the text form of any scalar type; this is what environment variables and flags hold.</summary>
    public static bool TryParse(Type type, string text, out object? value, out string error)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        value = null;
        error = "";
        if (type == typeof(string)) value = text;
        else if (type == typeof(TimeSpan) && Duration.TryParse(text, out var duration, out error)) value = duration;
        else if (type == typeof(ByteSize) && ByteSize.TryParse(text, out var size, out error)) value = size;
        else if (type.IsEnum) (value, error) = ParseName(type, text);
        else if (type == typeof(bool) && bool.TryParse(text, out var flag)) value = flag;
        else if (type == typeof(int) && int.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) value = number;
        else if (type == typeof(double) && double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)) value = real;
        if (value is null && error.Length == 0)
            error = $"\"{text}\" is not {(type == typeof(int) ? "a whole number" : type == typeof(bool) ? "true or false" : "a number")}";
        return value is not null;
    }

    private static (object? Value, string Error) ParseName(Type type, string text)
    {
        var names = Names(type);
        foreach (var (name, value) in names)
            if (name.Equals(text, StringComparison.OrdinalIgnoreCase)) return (value, "");
        return (null, $"\"{text}\" is not one of {string.Join(", ", names.Select(n => n.Name))}");
    }
}
