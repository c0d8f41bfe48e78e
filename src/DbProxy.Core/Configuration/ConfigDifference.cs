namespace DbProxy.Core.Configuration;

/// <summary>Compares configurations section by section.</summary>
internal static class ConfigDifference
{
    /// <summary>The names of the sections that differ and take effect only at a restart.</summary>
    public static IReadOnlyList<string> NeedRestart(ProxyConfig old, ProxyConfig next)
    {
        var names = new List<string>();
        Note(nameof(ProxyOptions.Listen), old.Listen.SequenceEqual(next.Listen));
        Note(nameof(ProxyOptions.ListenSocketMode), old.ListenSocketMode == next.ListenSocketMode);
        Note(nameof(ProxyOptions.ProxyProtocol), old.TrustedProxies.SequenceEqual(next.TrustedProxies));
        Note(nameof(ProxyOptions.Servers), old.Servers.SequenceEqual(next.Servers));
        Note(nameof(ProxyOptions.Monitor), old.Monitor == next.Monitor);
        Note(nameof(ProxyOptions.Admin), old.Admin.IsSame(next.Admin));
        Note(nameof(ProxyOptions.ClientTls), old.ClientTls == next.ClientTls);
        Note(nameof(ProxyOptions.ServerTls), old.ServerTls == next.ServerTls);
        Note(nameof(ProxyOptions.ClientCompression), old.ClientCompression.SequenceEqual(next.ClientCompression));
        Note(nameof(ProxyOptions.ServerCompression), old.ServerCompression == next.ServerCompression);
        Note(nameof(ProxyOptions.Users), SameItems(old.Users, next.Users));
        Note($"{nameof(ProxyOptions.Frontends)} and {nameof(ProxyOptions.Backends)}", old.FrontEndSource == next.FrontEndSource);
        Note(nameof(ProxyOptions.ServerVersion), old.ServerVersion == next.ServerVersion);
        Note(nameof(ProxyOptions.Logging), old.Logging with { Categories = next.Logging.Categories } == next.Logging
            && SameItems(old.Logging.Categories, next.Logging.Categories));
        return names;

        void Note(string name, bool same)
        {
            if (!same) names.Add(name);
        }
    }

    private static bool SameItems<T>(IReadOnlyDictionary<string, T> a, IReadOnlyDictionary<string, T> b) =>
        a.Count == b.Count && a.All(item => b.TryGetValue(item.Key, out var other) && Equals(item.Value, other));
}
