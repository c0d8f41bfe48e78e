namespace DbProxy.Core.Configuration;

/// <summary>What of another configuration takes effect while the proxy runs.</summary>
internal static class ConfigDifference
{
    /// <summary>The next configuration with those sections left as they are that need a restart.</summary>
    public static ProxyConfig Live(ProxyConfig old, ProxyConfig next)
    {
        next = next with
        {
            ListenSocketMode = old.ListenSocketMode,
            Admin = old.Admin,
            Logging = next.Logging with { Format = old.Logging.Format },
            TakeoverSocket = old.TakeoverSocket,
        };
        // A MySQL proxy can't come or go.
        return old.ServesMySql == next.ServesMySql && !next.Listen.IsEmpty ? next : next with { Servers = old.Servers, Listen = old.Listen, Monitor = old.Monitor };
    }

    /// <summary>The names of the sections that differ and take effect only at a restart.</summary>
    public static IReadOnlyList<string> NeedRestart(ProxyConfig old, ProxyConfig next)
    {
        var names = new List<string>();
        Note(nameof(ProxyOptions.ListenSocketMode), old.ListenSocketMode == next.ListenSocketMode);
        Note(nameof(ProxyOptions.Servers), old.ServesMySql == next.ServesMySql);
        Note(nameof(ProxyOptions.Admin), old.Admin.IsSame(next.Admin));
        Note($"{nameof(ProxyOptions.Logging)}.{nameof(LoggingOptions.Format)}", old.Logging.Format == next.Logging.Format);
        Note(nameof(ProxyOptions.TakeoverSocket), old.TakeoverSocket == next.TakeoverSocket);
        return names;

        void Note(string name, bool same)
        {
            if (!same) names.Add(name);
        }
    }
}
