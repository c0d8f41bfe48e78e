using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace DbProxy.Core.Configuration.Reference;

/// <summary>Writes the JSON schema of the configuration file, for editors and for checks outside the proxy.</summary>
internal static class SchemaWriter
{
    // The patterns say what Duration and ByteSize read.
    private const string DurationPattern = "^([0-9]+(\\.[0-9]+)?(us|ms|s|m|h|d))+$";
    private const string SizePattern = "^[0-9]+(B|KiB|MiB|GiB)$";

    private static readonly JsonSerializerOptions _format = new()
    {
        WriteIndented = true,
        NewLine = "\n",
        Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
    };

    public static string Write(XmlDocs docs)
    {
        var root = new JsonObject
        {
            ["$schema"] = "https://json-schema.org/draft/2020-12/schema",
            ["title"] = "DbProxy configuration",
            ["description"] = "Comments and trailing commas are allowed. Environment variables and flags override each key.",
        };
        Object(root, KeyInfo.All(docs), isElement: false);
        root["properties"]!.AsObject().Insert(0, "$schema", new JsonObject { ["type"] = "string", ["description"] = "This schema, for editors." });
        return root.ToJsonString(_format) + "\n";
    }

    private static void Object(JsonObject into, IReadOnlyList<KeyInfo> keys, bool isElement)
    {
        into["type"] = "object";
        var properties = new JsonObject();
        foreach (var key in keys) properties[key.Name] = Key(key);
        into["properties"] = properties;
        // Sections' required keys may come from the environment; those of a list's element hardly ever do.
        var required = keys.Where(k => isElement && k.DefaultText == "required").Select(k => (JsonNode)k.Name).ToArray();
        if (required.Length > 0) into["required"] = new JsonArray(required);
        into["additionalProperties"] = false;
    }

    private static JsonObject Key(KeyInfo key)
    {
        var schema = new JsonObject { ["description"] = Description(key) };
        if (key.IsList)
        {
            var items = new JsonObject();
            if (key.Children.Count > 0) Object(items, key.Children, isElement: true);
            else Scalar(items, key.ValueType, null, "string");
            schema["type"] = "array";
            schema["items"] = items;
        }
        else if (key.IsMap)
        {
            var values = new JsonObject();
            Scalar(values, key.ValueType, null);
            schema["type"] = "object";
            schema["additionalProperties"] = values;
        }
        else if (key.Children.Count > 0) Object(schema, key.Children, isElement: false);
        else Scalar(schema, key.ValueType, key.Allowed);
        if (Default(key) is { } value) schema["default"] = value;
        if (key.Example is { } example) schema["examples"] = new JsonArray(example);
        return schema;
    }

    private static void Scalar(JsonObject schema, Type type, AllowedAttribute? allowed, JsonNode? textType = null)
    {
        if (type.IsEnum)
            schema["enum"] = new JsonArray([.. OptionTypes.Names(type).Select(n => (JsonNode)n.Name)]);
        else if (type == typeof(TimeSpan)) Text(DurationPattern);
        else if (type == typeof(ByteSize)) Text(SizePattern);
        else if (type == typeof(int)) schema["type"] = "integer";
        else if (type == typeof(double)) schema["type"] = "number";
        else if (type == typeof(bool)) schema["type"] = "boolean";
        else schema["type"] = textType ?? new JsonArray("string", "null");
        if (allowed is null || (type != typeof(int) && type != typeof(double))) return;
        schema["minimum"] = Number(type, allowed.Min);
        schema["maximum"] = Number(type, allowed.Max);

        void Text(string pattern)
        {
            schema["type"] = "string";
            schema["pattern"] = pattern;
        }
    }

    private static string Description(KeyInfo key)
    {
        var range = key is { Allowed: { } allowed, ValueType: { } type } && (type == typeof(TimeSpan) || type == typeof(ByteSize))
            ? $" {allowed.Min} to {allowed.Max}." : "";
        var fallback = key.DefaultText switch
        {
            null => "",
            "required" => " Required.",
            var text => $" Default: {text}.",
        };
        return key.Summary + range + fallback + (key.Risk is null ? "" : $" Mind: {key.Risk}");
    }

    private static JsonNode? Default(KeyInfo key) => key.Default switch
    {
        null => null,
        List<string> list => new JsonArray([.. list.Select(i => (JsonNode)i)]),
        int or double => Number(key.ValueType, OptionTypes.Format(key.Default)),
        bool flag => flag,
        _ when key.IsList || key.IsMap || key.Children.Count > 0 => null,
        var other => OptionTypes.Format(other),
    };

    private static JsonNode Number(Type type, string text) => type == typeof(int)
        ? int.Parse(text, CultureInfo.InvariantCulture) : double.Parse(text, CultureInfo.InvariantCulture);
}
