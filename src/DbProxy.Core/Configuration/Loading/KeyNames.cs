namespace DbProxy.Core.Configuration.Loading;

/// <summary>Finds the key that somebody meant.</summary>
internal static class KeyNames
{
    /// <summary>A clause for the message: the likeliest key of the section, or the section that the key belongs to.</summary>
    public static string Suggest(Type section, string name)
    {
        var keys = section.GetProperties().Select(p => p.Name).ToList();
        var near = keys.Select(k => (Key: k, Distance: Distance(k.ToUpperInvariant(), name.ToUpperInvariant())))
            .Where(k => k.Distance <= Math.Max(1, Math.Min(k.Key.Length, name.Length) / 3))
            .OrderBy(k => k.Distance).Select(k => k.Key).FirstOrDefault();
        near ??= Elsewhere(name);
        return near is null ? $"; known here: {string.Join(", ", keys)}" : $"; did you mean {near}?";
    }

    private static string? Elsewhere(string name)
    {
        var owners = typeof(ProxyOptions).GetProperties()
            .Where(p => OptionTypes.IsSection(p.PropertyType))
            .SelectMany(p => p.PropertyType.GetProperties().Select(k => (Path: $"{p.Name}.{k.Name}", k.Name)))
            .Where(k => k.Name.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList();
        return owners.Count == 1 ? owners[0].Path : null;
    }

    /// <summary>Edits between two words, with a swap of neighbours as one: most slips are one such edit.</summary>
    private static int Distance(string a, string b)
    {
        var d = new int[a.Length + 1, b.Length + 1];
        for (var i = 0; i <= a.Length; i++) d[i, 0] = i;
        for (var j = 0; j <= b.Length; j++) d[0, j] = j;
        for (var i = 1; i <= a.Length; i++)
            for (var j = 1; j <= b.Length; j++)
            {
                var change = a[i - 1] == b[j - 1] ? 0 : 1;
                d[i, j] = Math.Min(Math.Min(d[i - 1, j] + 1, d[i, j - 1] + 1), d[i - 1, j - 1] + change);
                if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
                    d[i, j] = Math.Min(d[i, j], d[i - 2, j - 2] + 1);
            }
        return d[a.Length, b.Length];
    }
}
