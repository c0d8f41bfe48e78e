using System.CommandLine;

namespace DbProxy.Commands.Ctl;

/// <summary><c>ctl set …</c>: changes servers.</summary>
internal static class SetCommands
{
    public static Command Create(CtlOptions options) => new("set", "Change a server while the proxy runs.")
    {
        Server(options), MySql(options),
    };

    /// <summary>The path of a front-end server that is named BACKEND/NAME.</summary>
    /// <exception cref="CtlException">It isn't.</exception>
    public static (string Backend, string Server) Split(string name) => name.Split('/', 2) is [{ Length: > 0 } backend, { Length: > 0 } server]
        ? (backend, server)
        : throw new CtlException($"\"{name}\" names no server; write BACKEND/NAME, as show servers does", ExitCode.BadConfiguration);

    public static string Path(string name)
    {
        var (backend, server) = Split(name);
        return $"backends/{Uri.EscapeDataString(backend)}/servers/{Uri.EscapeDataString(server)}";
    }

    /// <summary>The path of a database server.</summary>
    public static string MySqlPath(string name) => $"mysql/servers/{Uri.EscapeDataString(name)}";

    private static Command Server(CtlOptions options)
    {
        var name = new Argument<string>("BACKEND/NAME") { Description = "The server." };
        var command = new Command("server", "A server of a backend.") { name };
        command.Subcommands.Add(State(options, parsed => Path(parsed.GetRequiredValue(name)),
            "ready, drain (nothing new; what it has goes on) or maint (nothing new, no checks)."));
        command.Subcommands.Add(Number(options, "weight", "weight", "Its share relative to the other servers, 0 to 256.", parsed => Path(parsed.GetRequiredValue(name))));
        command.Subcommands.Add(Number(options, "maxconn", "maxConnections", "The most connections at a time; 0: no limit.", parsed => Path(parsed.GetRequiredValue(name))));
        command.Subcommands.Add(Address(options, "Where new connections go.", parsed => Path(parsed.GetRequiredValue(name))));
        return command;
    }

    private static Command MySql(CtlOptions options)
    {
        var name = new Argument<string>("NAME") { Description = "The database server." };
        var command = new Command("mysql", "A database server.") { name };
        command.Subcommands.Add(State(options, Of,
            "ready, drain (no new statements; transactions and pinned sessions go on) or maint (as if it were down)."));
        command.Subcommands.Add(Number(options, "weight", "weight", "Its share of the reads, 1 to 1000.", Of));
        command.Subcommands.Add(Address(options, "Where new connections go; what runs at the former address comes to its end there.", Of));
        return command;

        string Of(ParseResult parsed) => MySqlPath(parsed.GetRequiredValue(name));
    }

    private static Command Address(CtlOptions options, string description, Func<ParseResult, string> path)
    {
        var address = new Argument<string>("HOST:PORT") { Description = "Where it listens." };
        return new Command("address", description) { address }.Does(options, (parsed, client, cancel) =>
            PatchAsync(client, path(parsed), new { address = parsed.GetRequiredValue(address) }, cancel));
    }

    private static Command State(CtlOptions options, Func<ParseResult, string> path, string description)
    {
        var state = new Argument<string>("STATE") { Description = description };
        state.AcceptOnlyFromAmong("ready", "drain", "maint");
        var reason = new Option<string?>("--reason") { HelpName = "text", Description = "Why, for statistics and log." };
        return new Command("state", "Take it out, or back in.") { state, reason }.Does(options, (parsed, client, cancel) =>
            PatchAsync(client, path(parsed), new { state = parsed.GetRequiredValue(state), reason = parsed.GetValue(reason) }, cancel));
    }

    private static Command Number(CtlOptions options, string word, string key, string description, Func<ParseResult, string> path)
    {
        var number = new Argument<int>("NUMBER") { Description = description };
        return new Command(word, description) { number }.Does(options, (parsed, client, cancel) =>
            PatchAsync(client, path(parsed), new Dictionary<string, int> { [key] = parsed.GetValue(number) }, cancel));
    }

    private static Task PatchAsync(CtlClient client, string path, object body, CancellationToken cancel) => client.SendAsync(HttpMethod.Patch, path, body, cancel);
}
