using DbProxy.Admin.Api.Models;

namespace DbProxy.Commands.Ctl;

/// <summary>The MySQL proxy as tables.</summary>
internal static class MySqlSheets
{
    public static void All(MySqlInfo mysql, TextWriter output)
    {
        Servers(mysql, output);
        output.WriteLine($"primary {Plain.Text(mysql.Primary ?? "none")}; {mysql.Sessions.Now} sessions of at most {mysql.Sessions.Limit}; "
            + $"{mysql.StatementRate.Now} statements a second; {mysql.Retries} retried; {mysql.Waits} waited for a server; {mysql.FailedLogins} logins failed");
        if (mysql.Warning.Length > 0)
            output.WriteLine(Plain.Text(mysql.Warning));
        Reasons("pinned because of", mysql.Pins.Select(p => (p.Reason, p.Now, p.Total)), output);
        Routes(mysql.Routes, output);
    }

    private static void Servers(MySqlInfo mysql, TextWriter output)
    {
        var sheet = new Sheet("server", "address", "role", "health", "order", "reads", ">lag ms", ">weight", ">in use", ">idle", ">waiting", ">reads", ">writes", ">a second", ">ms", ">errors", "why");
        foreach (var s in mysql.Servers)
            sheet.Add(s.Name, s.Address, new Mark(s.Role), new Mark(s.Health), new Mark(s.Order), s.InRotation, s.LagMilliseconds, s.Weight, s.Connections.InUse,
                s.Connections.Idle, s.Connections.Waiting, s.Statements.Read, s.Statements.Write, s.StatementRate.Now, s.Latency.MeanMilliseconds, s.Errors, s.Reason);
        sheet.WriteTo(output);
    }

    private static void Reasons(string title, IEnumerable<(string Reason, int Now, long Total)> reasons, TextWriter output)
    {
        var sheet = new Sheet(title, ">sessions now", ">times");
        foreach (var (reason, now, total) in reasons)
            sheet.Add(reason, now, total);
        sheet.WriteTo(output);
    }

    private static void Routes(RouteInfo[] routes, TextWriter output)
    {
        var sheet = new Sheet("routed because of", ">statements");
        foreach (var route in routes)
            sheet.Add(route.Reason, route.Total);
        sheet.WriteTo(output);
    }
}
