using System.Diagnostics.CodeAnalysis;

namespace DbProxy.LocalCluster;

/// <summary>What the search for a server came to.</summary>
public sealed class BinariesResult
{
    internal BinariesResult(ServerFlavor flavor, ServerInstallation? installation, IReadOnlyList<string> tried) =>
        (Flavor, Installation, Tried) = (flavor, installation, tried);

    /// <summary>What was looked for.</summary>
    public ServerFlavor Flavor { get; }

    /// <summary>The server, or null when none can be had.</summary>
    public ServerInstallation? Installation { get; }

    /// <summary>One line for each way that was tried, in order, with the reason why it failed.</summary>
    public IReadOnlyList<string> Tried { get; }

    /// <summary>Whether a server was found.</summary>
    [MemberNotNullWhen(true, nameof(Installation))]
    public bool Found => Installation is not null;

    /// <summary>A message for people: what was found, or everything that was tried.</summary>
    public string Explanation => Found
        ? $"{Flavor} {Installation.Version} ({Installation.Origin}: {Installation.ServerPath})"
        : $"No {Flavor} server can be had here. Tried:\n  - " + string.Join("\n  - ", Tried);
}
