namespace DbProxy.Commands.Ctl;

/// <summary>Text from elsewhere for a terminal: a user's name must not move the cursor or write a line of its own.</summary>
internal static class Plain
{
    public static string Text(string? text) =>
        text is null ? "" : text.Any(char.IsControl) ? string.Concat(text.Select(static c => char.IsControl(c) ? '?' : c)) : text;
}
