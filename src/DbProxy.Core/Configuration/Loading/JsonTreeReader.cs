using System.Text;
using System.Text.Json;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Reads JSON with comments and trailing commas into nodes that know their line and column.</summary>
internal static class JsonTreeReader
{
    private static readonly UTF8Encoding _strict = new(false, throwOnInvalidBytes: true);

    /// <summary>The root object, or null after noting why there is none.</summary>
    public static ConfigNode? Read(string source, ReadOnlySpan<byte> json, MistakeList mistakes)
    {
        if (json.StartsWith("\uFEFF"u8)) json = json[3..];
        var lines = new LineMap(json);
        try
        {
            _strict.GetCharCount(json);
            var reader = new Utf8JsonReader(json, new JsonReaderOptions
            {
                CommentHandling = JsonCommentHandling.Skip,
                AllowTrailingCommas = true,
            });
            reader.Read();
            var root = Value(ref reader, json, source, lines, "", mistakes);
            reader.Read();
            if (root.Kind == NodeKind.Object) return root;
            mistakes.Add(root.Place, "", "the file must hold one object: { … }");
        }
        catch (JsonException e)
        {
            var place = lines.PlaceOf(source, json, (int)(e.LineNumber ?? 0), (int)(e.BytePositionInLine ?? 0));
            mistakes.Add(place, "", $"broken JSON: {WithoutPosition(e.Message)}");
        }
        catch (DecoderFallbackException e)
        {
            mistakes.Add(lines.PlaceOf(source, json, Math.Max(0, e.Index)), "", "the file is not UTF-8 text");
        }
        return null;
    }

    private static ConfigNode Value(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string source, LineMap lines, string path, MistakeList mistakes)
    {
        var place = lines.PlaceOf(source, json, (int)reader.TokenStartIndex);
        switch (reader.TokenType)
        {
            case JsonTokenType.StartObject:
                return Object(ref reader, json, source, lines, path, mistakes);
            case JsonTokenType.StartArray:
                var array = new ConfigNode(NodeKind.Array, place);
                while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
                    array.Items.Add(Value(ref reader, json, source, lines, $"{path}[{array.Items.Count}]", mistakes));
                return array;
            case JsonTokenType.String:
                return new ConfigNode(NodeKind.String, place, Text(ref reader, place, path, mistakes));
            case JsonTokenType.Number:
                return new ConfigNode(NodeKind.Number, place, Encoding.UTF8.GetString(reader.ValueSpan));
            case JsonTokenType.Null:
                return new ConfigNode(NodeKind.Null, place, "null");
            default:
                return new ConfigNode(NodeKind.Boolean, place, Encoding.UTF8.GetString(reader.ValueSpan));
        }
    }

    private static ConfigNode Object(
        ref Utf8JsonReader reader, ReadOnlySpan<byte> json, string source, LineMap lines, string path, MistakeList mistakes)
    {
        var node = new ConfigNode(NodeKind.Object, lines.PlaceOf(source, json, (int)reader.TokenStartIndex));
        while (reader.Read() && reader.TokenType != JsonTokenType.EndObject)
        {
            var place = lines.PlaceOf(source, json, (int)reader.TokenStartIndex);
            var name = Text(ref reader, place, path, mistakes);
            var at = path.Length == 0 ? name : $"{path}.{name}";
            reader.Read();
            var value = Value(ref reader, json, source, lines, at, mistakes);
            if (node.Members.Find(m => m.Name == name) is { } first)
                mistakes.Add(place, at, $"given twice; the first is in line {first.Place.Line}");
            else node.Members.Add(new ConfigNode.Member(name, place, value));
        }
        return node;
    }

    private static string Text(ref Utf8JsonReader reader, Place place, string path, MistakeList mistakes)
    {
        try
        {
            return reader.GetString()!;
        }
        catch (InvalidOperationException)
        {
            // Half of a surrogate pair, written as \uD800: valid JSON grammar, but not text.
            mistakes.Add(place, path, "the text holds an escape that stands for no character");
            return "";
        }
    }

    private static string WithoutPosition(string message) =>
        message.IndexOf(" LineNumber:", StringComparison.Ordinal) is >= 0 and var at ? message[..at] : message;
}
