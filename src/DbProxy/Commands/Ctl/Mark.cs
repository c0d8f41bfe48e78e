using Spectre.Console;

namespace DbProxy.Commands.Ctl;

/// <summary>A state's word in its colour.</summary>
internal readonly record struct Mark(string Word)
{
    public Style Style => Word.ToLowerInvariant() switch
    {
        "up" or "primary" or "replica" => new(Color.Green),
        "down" => new(Color.Red, decoration: Decoration.Bold),
        "drain" or "maint" => new(Color.Yellow),
        _ => Style.Plain,
    };
}
