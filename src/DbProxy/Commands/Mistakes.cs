using DbProxy.Core.Configuration;

namespace DbProxy.Commands;

/// <summary>Shows a configuration's mistakes.</summary>
internal static class Mistakes
{
    /// <summary>One a line; returns the exit code for it.</summary>
    public static int Report(IReadOnlyList<ConfigMistake> mistakes, TextWriter error)
    {
        foreach (var mistake in mistakes) error.WriteLine(mistake);
        return ExitCode.BadConfiguration;
    }
}
