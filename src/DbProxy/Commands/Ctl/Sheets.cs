using DbProxy.Admin.Api.Models;

namespace DbProxy.Commands.Ctl;

/// <summary>The answers of the runtime API as tables.</summary>
internal static class Sheets
{
    public static void Process(ProcessInfo process, TextWriter output)
    {
        var sheet = new Sheet("process", "");
        sheet.Add("version", process.Version);
        sheet.Add("host", process.Host);
        sheet.Add("pid", $"{process.Pid}");
        sheet.Add("started", process.Started);
        sheet.Add("up for", Duration(process.UptimeSeconds));
        sheet.Add("ready", process.IsReady);
        sheet.Add("counters since", process.CountersSince);
        sheet.Add("CPU", $"{process.CpuPercent} % of a core; {process.CpuSeconds} s in all");
        sheet.Add("memory", Bytes(process.MemoryBytes));
        sheet.Add("threads", process.Threads);
        sheet.WriteTo(output);
    }

    public static void Frontends(FrontendInfo[] frontends, TextWriter output)
    {
        var sheet = new Sheet("frontend", "mode", "listens on", ">sessions", ">max", ">limit", ">total", ">a second", ">requests", ">a second", ">in", ">out", ">denied", ">errors");
        foreach (var f in frontends)
            sheet.Add(f.Name, f.IsTls ? f.Mode + " tls" : f.Mode, f.Addresses, f.Sessions.Now, f.Sessions.Max, f.Sessions.Limit, f.Sessions.Total, f.SessionRate.Now,
                f.Requests?.Total, f.Requests?.Rate.Now, Bytes(f.Bytes.In), Bytes(f.Bytes.Out), f.Denied.Rules + f.Denied.Rates, f.RequestErrors);
        sheet.WriteTo(output);
    }

    public static void Backends(BackendInfo[] backends, TextWriter output)
    {
        var sheet = new Sheet("backend", "state", "balance", ">active", ">backup", ">queue", ">max", ">sessions", ">max", ">total", ">a second", ">in", ">out", ">refused", ">errors", ">retries", ">redispatches");
        foreach (var b in backends)
            sheet.Add(b.Name, new Mark(b.State), b.Balance, b.ActiveServers, b.BackupServers, b.Queue.Now, b.Queue.Max, b.Sessions.Now, b.Sessions.Max, b.Sessions.Total,
                b.SessionRate.Now, Bytes(b.Bytes.In), Bytes(b.Bytes.Out), b.Refused, b.Errors.Connect + b.Errors.Response, b.Retries, b.Redispatches);
        sheet.WriteTo(output);
    }

    public static void Servers(BackendInfo[] backends, TextWriter output)
    {
        var sheet = new Sheet("server", "address", "state", "since", ">weight", "backup", ">sessions", ">max", ">limit", ">total", ">a second", ">in", ">out", ">errors", ">downs", "down for", "why");
        foreach (var s in backends.SelectMany(b => b.Servers))
            sheet.Add($"{s.Backend}/{s.Name}", s.Address, new Mark(s.State), s.Since, s.EffectiveWeight, s.IsBackup, s.Sessions.Now, s.Sessions.Max, s.Sessions.Limit,
                s.Sessions.Total, s.SessionRate.Now, Bytes(s.Bytes.In), Bytes(s.Bytes.Out), s.Errors.Connect + s.Errors.Response, s.WentDown, Duration(s.DownSeconds), s.Reason);
        sheet.WriteTo(output);
    }

    public static void Config(ConfigInfo config, TextWriter output)
    {
        output.WriteLine($"file: {Plain.Text(config.File ?? "none")}");
        if (config.LastReload is not { } last)
            return;
        output.WriteLine($"last reload: {last.At:yyyy-MM-dd HH:mm:ss'Z'}, {(last.Applied ? "applied" : "not applied")}");
        foreach (var mistake in last.Mistakes)
            output.WriteLine(Plain.Text(mistake));
        if (last.NeedRestart.Length > 0)
            output.WriteLine($"A restart is needed for {string.Join(", ", last.NeedRestart)}.");
    }

    public static void Certificates(CertificateInfo[] certificates, TextWriter output)
    {
        var sheet = new Sheet("shown by", "source", "subject", "good until", ">days left");
        foreach (var c in certificates)
            sheet.Add(c.Of, c.Source, c.Subject, c.NotAfter, c.DaysLeft);
        sheet.WriteTo(output);
    }

    public static void Sessions(SessionList list, TextWriter output)
    {
        var sheet = new Sheet("session", "client", "user", "schema", "backend", "server", "state", "age", "idle", "pinned by");
        foreach (var s in list.Sessions)
            sheet.Add(s.Id, s.Client, s.User, s.Schema, s.Backend, s.Server, s.State, Duration(s.AgeSeconds), Duration(s.IdleSeconds), s.Pins);
        sheet.WriteTo(output);
        if (list.Total > list.Sessions.Length)
            output.WriteLine($"{list.Total} sessions; the oldest {list.Sessions.Length} are shown.");
    }

    internal static string Duration(double seconds) => TimeSpan.FromSeconds(seconds) switch
    {
        { TotalSeconds: < 60 } t => $"{t.TotalSeconds:0.#} s",
        { TotalHours: < 1 } t => $"{t.Minutes} min {t.Seconds} s",
        { TotalDays: < 1 } t => $"{t.Hours} h {t.Minutes} min",
        var t => $"{(int)t.TotalDays} d {t.Hours} h",
    };

    internal static string Bytes(long bytes) => bytes switch
    {
        < 10_000 => $"{bytes} B",
        < 10_000_000 => $"{bytes / 1e3:0.#} kB",
        < 10_000_000_000 => $"{bytes / 1e6:0.#} MB",
        _ => $"{bytes / 1e9:0.#} GB",
    };
}
