using System.Runtime.CompilerServices;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>The files of <c>tests/clients</c>, found from where this one was compiled.</summary>
internal static class ClientFiles
{
    public static string Root { get; } = Path.GetFullPath(Path.Combine(Here(), "..", "..", "clients"));

    public static string Documentation { get; } = Path.GetFullPath(Path.Combine(Root, "..", "..", "docs", "compatibility.md"));

    public static string Results { get; } = Path.Combine(Root, "results.tsv");

    /// <summary>Sections of <c>capabilities.txt</c>: names with what they mean, in order.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<(string Name, string Meaning)>> Capabilities { get; } = ReadCapabilities();

    /// <summary>The statements that make a run's schema.</summary>
    public static string[] Setup() => File.ReadAllText(Path.Combine(Root, "setup.sql")).Split(";;\n", StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    /// <summary>Lines of a list that are neither empty nor comments.</summary>
    public static IEnumerable<string> Lines(string name) =>
        File.ReadLines(Path.Combine(Root, name)).Where(line => line.Length > 0 && line[0] != '#');

    private static Dictionary<string, IReadOnlyList<(string, string)>> ReadCapabilities()
    {
        Dictionary<string, IReadOnlyList<(string, string)>> sections = [];
        List<(string, string)> section = [];
        foreach (var line in Lines("capabilities.txt"))
        {
            if (line[0] == '[')
            {
                section = [];
                sections.Add(line.Trim('[', ']'), section);
                continue;
            }

            var space = line.IndexOf(' ', StringComparison.Ordinal);
            section.Add((line[..space], line[space..].Trim()));
        }

        return sections;
    }

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
