using System.CommandLine;
using DbProxy.Commands;
using DbProxy.LocalCluster;

namespace DbProxy.Demo;

/// <summary><c>dbproxy demo</c>: real servers, the proxy and a workload on this machine, watched live.</summary>
internal static class DemoCommand
{
    private const string Notes = """
        It needs no argument, no Docker and no root: servers that this machine lacks are downloaded into a cache folder.
        With --full it starts what docker-compose.yml starts, as local processes, and dbproxy demo break breaks them; with
        --seconds a client outside makes requests meanwhile, and the exit code is 1 if one failed.
        Ctrl-C and SIGTERM stop all of it.
        Exit codes: 0 every statement worked and no read was stale, 1 otherwise or when it could not start.
        """;

    /// <summary>The command, to be added to the root command.</summary>
    public static Command Create()
    {
        var flavor = new Option<string?>("--flavor") { Description = "mysql or mariadb; without it: MySQL, else MariaDB" };
        flavor.AcceptOnlyFromAmong("mysql", "mariadb");
        var seconds = Number("--seconds", "end by itself after so many seconds of work; without it: at Ctrl-C", 1, 86_400);
        var clients = Number("--clients", "clients of the workload (default 8)", 1, 500);
        var full = new Option<bool>("--full") { Description = "the whole site instead: front ends, web servers, applications, proxies, databases, Prometheus" };
        var command = new Command("demo", "Show the proxy at work: a primary, two replicas and a workload on this machine.")
        {
            flavor, seconds, clients, full,
        };
        command.Subcommands.Add(Site.Breaking.BreakCommand.Create());
        HelpText.Append(command, Notes);
        command.SetAction((parsed, _) => Run(parsed.GetValue(full))(new DemoOptions
        {
            Flavor = parsed.GetValue(flavor) switch
            {
                "mysql" => ServerFlavor.MySql,
                "mariadb" => ServerFlavor.MariaDb,
                _ => null,
            },
            Duration = parsed.GetValue(seconds) is { } limit ? TimeSpan.FromSeconds(limit) : null,
            Clients = parsed.GetValue(clients) ?? new DemoOptions().Clients,
        }));
        return command;
    }

    private static Func<DemoOptions, Task<int>> Run(bool full) => full ? Site.SiteRun.RunAsync : DemoRun.RunAsync;

    private static Option<int?> Number(string name, string description, int least, int most)
    {
        var option = new Option<int?>(name) { Description = description };
        option.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int?>() is { } value && (value < least || value > most))
            {
                result.AddError($"{name} takes {least} to {most}.");
            }
        });
        return option;
    }
}
