using System.Text.Json.Serialization;

namespace DbProxy.Core.Configuration;

/// <summary>Which servers the sessions of a listener get.</summary>
public enum ListenRole
{
    /// <summary>The primary for writes, replicas for reads.</summary>
    [JsonStringEnumMemberName("split")]
    Split,

    /// <summary>The primary only, whichever that is.</summary>
    [JsonStringEnumMemberName("primary")]
    Primary,

    /// <summary>Replicas only; they refuse writes.</summary>
    [JsonStringEnumMemberName("replica")]
    Replica,
}

/// <summary>Where MySQL clients connect, and what for: <c>127.0.0.1:6033</c>, <c>primary@:6034</c>, <c>replica@unix:/path</c>.</summary>
/// <param name="Address">The address.</param>
/// <param name="Role">Which servers its sessions get.</param>
public readonly record struct ListenAddress(HostPort Address, ListenRole Role = ListenRole.Split)
{
    /// <summary>The role's name and the rest of <paramref name="text"/>; without a name it is split.</summary>
    public static (string Role, string Address) Parts(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        var at = text.IndexOf('@', StringComparison.Ordinal);
        // The path of a socket may hold one, too.
        return at < 0 || text.StartsWith("unix:", StringComparison.Ordinal) ? ("split", text) : (text[..at], text[(at + 1)..]);
    }

    /// <inheritdoc/>
    public override string ToString() => Role == ListenRole.Split ? Address.ToString() : $"{OptionTypes.Format(Role)}@{Address}";
}
