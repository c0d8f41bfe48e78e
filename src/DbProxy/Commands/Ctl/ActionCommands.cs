using System.CommandLine;
using System.Text.Json;
using DbProxy.Admin.Api.Models;

namespace DbProxy.Commands.Ctl;

/// <summary>The other actions: add and delete servers, end sessions, reset counters.</summary>
internal static class ActionCommands
{
    public static IEnumerable<Command> Create(CtlOptions options) =>
    [
        new Command("add", "Add something until the process ends.") { AddServer(options), AddMySql(options) },
        new Command("del", "Take something away.") { DeleteServer(options), DeleteMySql(options) },
        new Command("kill", "End something.") { KillSession(options) },
        new Command("retire", "Let something end by itself.") { RetirePeer(options) },
        new Command("reload", "Read the configuration file again; with a mistake the former one stays in force.").Does(options, static async (parsed, client, cancel) =>
        {
            var answer = await client.SendAsync(HttpMethod.Post, "config/reload", null, cancel);
            var sections = JsonSerializer.Deserialize<ReloadInfo>(answer, JsonSerializerOptions.Web)!.NeedRestart;
            if (sections.Length > 0)
                await parsed.InvocationConfiguration.Output.WriteLineAsync($"A restart is needed for {string.Join(", ", sections)}.");
        }),
        Explain(options),
        new Command("reset", "Begin anew with something.")
        {
            new Command("counters", "Counters and maxima of statistics; Prometheus' go on.").Does(options, static (_, client, cancel) =>
                client.SendAsync(HttpMethod.Post, "counters/reset", null, cancel)),
        },
    ];

    private static Command Explain(CtlOptions options)
    {
        var sql = new Argument<string>("SQL") { Description = "The statement; it does not run." };
        return new Command("explain", "Which server a statement would go to now, and why.") { sql }.Does(options, async (parsed, client, cancel) =>
        {
            var (output, answer) = (parsed.InvocationConfiguration.Output, await client.SendAsync(
                HttpMethod.Get, $"mysql/explain?sql={Uri.EscapeDataString(parsed.GetRequiredValue(sql))}", null, cancel));
            var info = JsonSerializer.Deserialize<ExplainInfo>(answer, JsonSerializerOptions.Web)!;
            await output.WriteLineAsync(options.WantsJson(parsed) ? answer
                : $"{info.Kind}, a {info.Access}{string.Concat(info.Traits.Select(t => $", {t}"))}: {Plain.Text(info.Server ?? "no server")} ({info.Reason})");
        });
    }

    private static Command AddServer(CtlOptions options)
    {
        var name = new Argument<string>("BACKEND/NAME") { Description = "Its backend, and what to call it." };
        var address = new Argument<string>("HOST:PORT") { Description = "Where it listens." };
        var weight = new Option<int>("--weight") { HelpName = "number", Description = "Its share, 0 to 256.", DefaultValueFactory = static _ => 1 };
        var limit = new Option<int>("--maxconn") { HelpName = "number", Description = "The most connections at a time; 0: no limit." };
        var backup = new Option<bool>("--backup") { Description = "It works only while no other server can." };
        return new Command("server", "A server of a backend.") { name, address, weight, limit, backup }.Does(options, (parsed, client, cancel) =>
        {
            var (backend, server) = SetCommands.Split(parsed.GetRequiredValue(name));
            return client.SendAsync(HttpMethod.Post, $"backends/{Uri.EscapeDataString(backend)}/servers", new
            {
                name = server, address = parsed.GetRequiredValue(address), weight = parsed.GetValue(weight), maxConnections = parsed.GetValue(limit),
                isBackup = parsed.GetValue(backup),
            }, cancel);
        });
    }

    private static Command AddMySql(CtlOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "What to call it." };
        var address = new Argument<string>("HOST:PORT") { Description = "Where it listens." };
        var weight = new Option<int>("--weight") { HelpName = "number", Description = "Its share of the reads, 1 to 1000.", DefaultValueFactory = static _ => 1 };
        var header = new Option<string>("--proxy-protocol") { HelpName = "version", Description = "The PROXY header that it gets: none, v1 or v2.", DefaultValueFactory = static _ => "none" };
        return new Command("mysql", "A database server.") { name, address, weight, header }.Does(options, (parsed, client, cancel) =>
            client.SendAsync(HttpMethod.Post, "mysql/servers", new
            {
                name = parsed.GetRequiredValue(name), address = parsed.GetRequiredValue(address), weight = parsed.GetValue(weight), proxyProtocol = parsed.GetValue(header),
            }, cancel));
    }

    private static Command DeleteMySql(CtlOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The database server." };
        return new Command("mysql", "A database server; what runs there comes to its end.") { name }.Does(options, (parsed, client, cancel) =>
            client.SendAsync(HttpMethod.Delete, SetCommands.MySqlPath(parsed.GetRequiredValue(name)), null, cancel));
    }

    private static Command DeleteServer(CtlOptions options)
    {
        var name = new Argument<string>("BACKEND/NAME") { Description = "The server." };
        return new Command("server", "A server of a backend; its sessions end by themselves.") { name }.Does(options, (parsed, client, cancel) =>
            client.SendAsync(HttpMethod.Delete, SetCommands.Path(parsed.GetRequiredValue(name)), null, cancel));
    }

    private static Command KillSession(CtlOptions options)
    {
        var id = new Argument<string>("ID") { Description = "As show sessions has it: mysql:NUMBER or FRONTEND:NUMBER." };
        return new Command("session", "A client's session, and what runs for it.") { id }.Does(options, (parsed, client, cancel) =>
            client.SendAsync(HttpMethod.Delete, $"sessions/{Uri.EscapeDataString(parsed.GetRequiredValue(id))}", null, cancel));
    }

    private static Command RetirePeer(CtlOptions options)
    {
        var peer = new Argument<string>("ADDRESS") { Description = "The IP address that connections to the MySQL proxy come from: a load balancer's." };
        var wait = new Option<double>("--wait") { HelpName = "seconds", Description = "How long to wait for them, up to 20.", DefaultValueFactory = static _ => 2 };
        return new Command("peer", "The sessions that came from an address, each when it is at rest.") { peer, wait }.Does(options, async (parsed, client, cancel) =>
        {
            var answer = await client.SendAsync(HttpMethod.Post, "sessions/retire", new { peer = parsed.GetRequiredValue(peer), seconds = parsed.GetValue(wait) }, cancel);
            var info = JsonSerializer.Deserialize<RetireInfo>(answer, JsonSerializerOptions.Web)!;
            await parsed.InvocationConfiguration.Output.WriteLineAsync(options.WantsJson(parsed) ? answer : $"Of {info.Found} sessions {info.Left} are left.");
        });
    }
}
