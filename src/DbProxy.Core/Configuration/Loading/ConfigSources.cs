using System.Collections;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Where a configuration comes from; what stands later overrides: file, environment, flags.</summary>
public sealed record ConfigSources
{
    /// <summary>A JSON file with comments; null: none.</summary>
    public string? File { get; init; }

    /// <summary>Environment variables, those that don't concern the proxy included.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; init; } = new Dictionary<string, string>();

    /// <summary>Flags of the command line.</summary>
    public IReadOnlyList<FlagValue> Flags { get; init; } = [];

    /// <summary>The environment variables of this process.</summary>
    public static IReadOnlyDictionary<string, string> ProcessEnvironment() =>
        System.Environment.GetEnvironmentVariables().Cast<DictionaryEntry>()
            .ToDictionary(e => (string)e.Key, e => (string?)e.Value ?? "", StringComparer.Ordinal);
}
