namespace DbProxy.Core.Configuration;

/// <summary>One mistake in the configuration, named by its place.</summary>
/// <param name="Place">Where it stands: <c>file.json(12,5)</c>, an environment variable, a flag; empty if nowhere.</param>
/// <param name="Path">The key, such as <c>Servers[0].Weight</c>; empty for the file as a whole.</param>
/// <param name="Message">What is wrong and how to mend it.</param>
public sealed record ConfigMistake(string Place, string Path, string Message)
{
    /// <summary>The line that a user reads.</summary>
    public override string ToString() =>
        string.Join(' ', new[] { Place, Path }.Where(s => s.Length > 0)) is { Length: > 0 } head ? $"{head}: {Message}" : Message;
}

/// <summary>The configuration cannot be used.</summary>
public sealed class ConfigException(IReadOnlyList<ConfigMistake> mistakes)
    : Exception(string.Join(Environment.NewLine, mistakes))
{
    /// <summary>All of them, in the order of the file.</summary>
    public IReadOnlyList<ConfigMistake> Mistakes { get; } = mistakes;
}
