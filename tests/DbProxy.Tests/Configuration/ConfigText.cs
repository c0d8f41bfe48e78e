using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Tests.Configuration;

/// <summary>Loads configurations from text; everything that a test doesn't write is valid.</summary>
internal sealed class ConfigText : IDisposable
{
    public const string Minimal = """{ "Servers": [ { "Address": "db1:3306" } ], "Monitor": { "User": "m", "Password": "p" } }""";

    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("dbproxy-config-");

    public string File(string name, string content)
    {
        var path = Path.Combine(_folder.FullName, name);
        System.IO.File.WriteAllText(path, content);
        return path;
    }

    public ConfigResult Load(string json, Dictionary<string, string>? environment = null, params FlagValue[] flags) =>
        ConfigLoader.Load(new ConfigSources { File = File("file.json", json), Environment = environment ?? [], Flags = flags });

    /// <summary>Mistakes as a user sees them, with the folder taken away.</summary>
    public string[] Mistakes(string json, Dictionary<string, string>? environment = null, params FlagValue[] flags) =>
        [.. Load(json, environment, flags).Mistakes.Select(m =>
            m.ToString().Replace(_folder.FullName + Path.DirectorySeparatorChar, "", StringComparison.Ordinal))];

    /// <summary>A file that is valid but for one section.</summary>
    public static string With(string section) =>
        $$"""
        {
          {{section}},
          "Servers": [ { "Address": "db1:3306" } ],
          "Monitor": { "User": "m", "Password": "p" },
        }
        """;

    public void Dispose() => _folder.Delete(recursive: true);
}
