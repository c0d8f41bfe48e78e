using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Values that are fine alone but not together, and text that would break the protocol.</summary>
internal static class PlausibilityCheck
{
    public static void Run(ProxyOptions options, MistakeList mistakes)
    {
        // The version travels in the handshake as a NUL-terminated string, and clients parse its leading digits.
        if (options.ServerVersion is { } version
            && (version.Length is 0 or > 60 || !char.IsAsciiDigit(version[0]) || version.Any(c => c is <= ' ' or > '~')))
            mistakes.Add("ServerVersion", $"\"{version}\" is not a version; write for example \"8.0.40\"");
        foreach (var category in options.Logging.Categories.Keys)
            if (category.Length == 0)
                mistakes.Add("Logging.Categories", "a category's name is empty; set Logging.Level for all of them");
    }
}
