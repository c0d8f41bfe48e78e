using DbProxy.Core.Configuration.Validation;

namespace DbProxy.Core.Configuration.Loading;

/// <summary>Reads all sources, and reports every mistake in them at once.</summary>
public static class ConfigLoader
{
    /// <summary>Never throws for what a user wrote.</summary>
    public static ConfigResult Load(ConfigSources sources)
    {
        ArgumentNullException.ThrowIfNull(sources);
        var mistakes = new MistakeList();
        var root = sources.File is null ? new ConfigNode(NodeKind.Object, Place.None) : ReadFile(sources.File, mistakes);
        if (root is null) return new ConfigResult(null, mistakes.All);
        EnvironmentOverlay.Apply(root, sources.Environment, mistakes);
        FlagOverlay.Apply(root, sources.Flags, mistakes);
        var options = new ProxyOptions();
        new OptionsBinder(mistakes).Bind(options, root);
        return ConfigBuilder.Build(options, mistakes, sources.Environment.GetValueOrDefault);
    }

    private static ConfigNode? ReadFile(string file, MistakeList mistakes)
    {
        try
        {
            return JsonTreeReader.Read(file, File.ReadAllBytes(file), mistakes);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistakes.Add(new Place(file), "", FileProblem.Describe(file, e));
            return null;
        }
    }
}
