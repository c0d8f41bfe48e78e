namespace DbProxy.IntegrationTests.Clients;

/// <summary>How one capability of one run went: <c>ok</c>, <c>fail</c> or <c>skip</c>, and the rest of its line.</summary>
internal sealed record CapabilityLine(string State, string Name, string Detail)
{
    public override string ToString() => $"{State} {Name} {Detail}";
}

/// <summary>What a client program printed.</summary>
internal sealed record ClientOutput(int ExitCode, IReadOnlyList<string> Lines, string Errors)
{
    /// <summary>The client's own name and version, from the line <c>client NAME VERSION</c>.</summary>
    public string Version => Lines.FirstOrDefault(l => l.StartsWith("client ", StringComparison.Ordinal))?[7..] ?? "";

    /// <summary>The reported capabilities; the schema's name, which differs from run to run, is replaced.</summary>
    public Dictionary<string, CapabilityLine> Capabilities(string schema)
    {
        Dictionary<string, CapabilityLine> found = [];
        foreach (var line in Lines)
        {
            var parts = line.Replace(schema, "SCHEMA", StringComparison.Ordinal).Split(' ', 3);
            if (parts is [("ok" or "fail" or "skip") and var state, var name, ..])
            {
                found[name] = new(state, name, parts.Length > 2 ? parts[2] : "");
            }
        }

        return found;
    }

    public override string ToString() => $"exit code {ExitCode}\n{string.Join('\n', Lines)}\n{Errors}";
}
