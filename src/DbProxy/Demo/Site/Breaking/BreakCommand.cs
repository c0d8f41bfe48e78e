using System.CommandLine;
using DbProxy.Commands;
using DbProxy.Demo.Site.Control;
using DbProxy.Hosting;

namespace DbProxy.Demo.Site.Breaking;

/// <summary><c>dbproxy demo break</c>: breaks a part of a running site and reports what users noticed.</summary>
internal static class BreakCommand
{
    private const string Notes = """
        A client outside makes requests before, meanwhile and afterwards; it tries nothing twice. What was broken is
        repaired at the end.
        Exit codes: 0 as expected, 1 worse than expected, or nothing to break.

        A driver is a program that acts on another kind of site: "PROGRAM view" prints the site as one line of JSON,
        "PROGRAM kill web1" and so on act, then print it too. Actions: kill, start, restart, pause, resume,
        stop-replication, start-replication, delay, undelay, promote.
        """;

    public static Command Create()
    {
        var name = new Argument<string?>("NAME") { Description = "the scenario", Arity = ArgumentArity.ZeroOrOne };
        var list = new Option<bool>("--list") { Description = "list the scenarios" };
        var folder = new Option<string?>("--folder") { HelpName = "folder", Description = "the site's folder, where more than one runs" };
        var driver = new Option<string?>("--driver") { HelpName = "program", Description = "break another site than a local one, by this program" };
        var command = new Command("break", "Break a part of a running demo --full, and report what users noticed.") { name, list, folder, driver };
        HelpText.Append(command, Notes);
        command.SetAction((parsed, _) => parsed.GetValue(list) || parsed.GetValue(name) is not { } scenario
            ? ListAsync()
            : RunAsync(scenario, parsed.GetValue(folder), parsed.GetValue(driver)));
        return command;
    }

    private static async Task<int> ListAsync()
    {
        foreach (var scenario in Scenarios.All)
            await Console.Out.WriteLineAsync($"{scenario.Name,-20} {scenario.Summary}");
        return ExitCode.Success;
    }

    private static async Task<int> RunAsync(string name, string? folder, string? driver)
    {
        using var signals = new StopSignals();
        try
        {
            var scenario = Scenarios.Find(name) ?? throw new SiteException($"There is no scenario {name}; see dbproxy demo break --list");
            ISiteDriver site = driver is null ? await ControlClient.FindAsync(folder, signals.Stopping) : new ScriptDriver(driver);
            var report = await ScenarioRun.PlayAsync(scenario, site, Console.Out.WriteLine, cancel: signals.Stopping);
            foreach (var line in report.Lines())
                await Console.Out.WriteLineAsync(line);
            return report.Complaints().Any() ? ExitCode.Failure : ExitCode.Success;
        }
        catch (SiteException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Failure;
        }
        catch (OperationCanceledException)
        {
            await Console.Error.WriteLineAsync("Interrupted; what was broken is repaired.");
            return ExitCode.Failure;
        }
    }
}
