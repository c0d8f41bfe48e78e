namespace DbProxy.Core.Configuration.Loading;

/// <summary>A password has several forms, and the form that a stronger source gives replaces a weaker source's other form.</summary>
internal static class PasswordForms
{
    private static readonly string[] _forms =
        [nameof(UserOptions.Password), nameof(UserOptions.PasswordFile), nameof(UserOptions.PasswordEnvironment)];

    /// <summary>
    /// Drops the forms that <paramref name="form"/> overrides. Two environment variables stay side by side: which one
    /// was meant nobody knows, and the validation says so.
    /// </summary>
    public static void Supersede(ConfigNode section, string form, Place by)
    {
        if (!_forms.Contains(form)) return;
        var isFlag = by.Source.StartsWith('-');
        foreach (var other in _forms.Where(f => f != form))
            if (section.Find(other) is { } node && (isFlag || node.Place.IsInFile)) section.Remove(other);
    }
}
