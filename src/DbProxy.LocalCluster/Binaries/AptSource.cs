namespace DbProxy.LocalCluster.Binaries;

/// <summary>One source of packages, as the host's own apt configuration names it.</summary>
internal sealed record AptSource(string Uri, IReadOnlyList<string> Suites, IReadOnlyList<string> Components, string? SignedBy)
{
    /// <summary>The sources that this host uses for binary packages.</summary>
    public static IReadOnlyList<AptSource> OfHost(string configurationFolder = "/etc/apt")
    {
        var parts = Path.Combine(configurationFolder, "sources.list.d");
        string[] files = [
            Path.Combine(configurationFolder, "sources.list"),
            .. (Directory.Exists(parts) ? Directory.GetFiles(parts) : []).Order(StringComparer.Ordinal),
        ];
        return [.. files.Where(File.Exists).SelectMany(file => Path.GetExtension(file) switch
        {
            ".list" => ParseList(File.ReadAllText(file)),
            ".sources" => ParseDeb822(File.ReadAllText(file)),
            _ => [],
        })];
    }

    /// <summary>The one-line format of sources.list(5): <c>deb [options] uri suite component…</c>.</summary>
    public static IEnumerable<AptSource> ParseList(string text)
    {
        foreach (var raw in text.Split('\n'))
        {
            var line = raw.Split('#')[0].Trim();
            string? signedBy = null;
            if (line.IndexOf('[') is > 0 and var open && line.IndexOf(']') is var close && close > open)
            {
                var options = Words(line[(open + 1)..close]);
                signedBy = options.FirstOrDefault(o => o.StartsWith("signed-by=", StringComparison.OrdinalIgnoreCase))?[10..];
                line = line[..open] + " " + line[(close + 1)..];
            }

            if (Words(line) is ["deb", var uri, var suite, .. var components])
            {
                yield return new AptSource(uri, [suite], components, signedBy);
            }
        }
    }

    /// <summary>The stanza format (deb822) of sources.list(5).</summary>
    public static IEnumerable<AptSource> ParseDeb822(string text)
    {
        foreach (var stanza in Stanzas(text))
        {
            if (!Words(stanza.GetValueOrDefault("types", "")).Contains("deb") ||
                stanza.GetValueOrDefault("enabled", "yes").Trim() is "no" or "false")
            {
                continue;
            }

            var signedBy = stanza.GetValueOrDefault("signed-by", "").Trim();
            foreach (var uri in Words(stanza.GetValueOrDefault("uris", "")))
            {
                yield return new AptSource(
                    uri,
                    Words(stanza.GetValueOrDefault("suites", "")),
                    Words(stanza.GetValueOrDefault("components", "")),
                    // A key may also stand in the file itself; only paths can be passed on.
                    signedBy.StartsWith('/') ? signedBy : null);
            }
        }
    }

    private static IEnumerable<Dictionary<string, string>> Stanzas(string text)
    {
        var fields = NewStanza();
        var last = "";
        foreach (var line in text.Split('\n').Where(l => !l.StartsWith('#')).Append(""))
        {
            if (string.IsNullOrWhiteSpace(line))
            {
                if (fields.Count > 0)
                {
                    yield return fields;
                    fields = NewStanza();
                }
            }
            else if (char.IsWhiteSpace(line[0]) && fields.ContainsKey(last))
            {
                fields[last] += " " + line.Trim();
            }
            else if (line.IndexOf(':') is > 0 and var colon)
            {
                last = line[..colon].Trim();
                fields[last] = line[(colon + 1)..].Trim();
            }
        }
    }

    private static Dictionary<string, string> NewStanza() => new(StringComparer.OrdinalIgnoreCase);

    private static string[] Words(string text) =>
        text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries);
}
