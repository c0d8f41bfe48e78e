using System.CommandLine;

namespace DbProxy.Commands.Ctl;

/// <summary><c>dbproxy ctl</c>: looks at a running proxy and changes it, by its runtime API.</summary>
internal static class CtlCommand
{
    private const string Notes = """
        Exit codes: 0 done, 1 the proxy refused or knows no such thing, 2 the command line is wrong,
        3 the proxy can't be reached.

        Examples:
          dbproxy ctl show servers
          export DBPROXY_ADMIN_PASSWORD=…
          dbproxy ctl set server app/app1 state drain --reason "new kernel"
          dbproxy ctl set mysql db2 state maint
          dbproxy ctl add mysql db4 db4.example:3306
          dbproxy ctl show sessions --json | jq .total
        """;

    public static Command Create()
    {
        var options = new CtlOptions();
        var command = new Command("ctl", "Look at a running proxy and change it.");
        options.AddTo(command);
        HelpText.Append(command, Notes);
        foreach (var part in (Command[])[ShowCommands.Create(options), SetCommands.Create(options), .. ActionCommands.Create(options)])
            command.Subcommands.Add(part);
        return command;
    }

    /// <summary>Makes a command do something with the proxy; what goes wrong is said on the error output.</summary>
    public static Command Does(this Command command, CtlOptions options, Func<ParseResult, CtlClient, CancellationToken, Task> action)
    {
        command.SetAction(async (parsed, cancel) =>
        {
            try
            {
                using var client = options.Connect(parsed);
                await action(parsed, client, cancel);
                return ExitCode.Success;
            }
            catch (CtlException e)
            {
                foreach (var line in e.Message.Split('\n'))
                    await parsed.InvocationConfiguration.Error.WriteLineAsync(Plain.Text(line));
                return e.ExitCode;
            }
        });
        return command;
    }
}
