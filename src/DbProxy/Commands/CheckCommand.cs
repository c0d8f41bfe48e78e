using System.CommandLine;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Commands;

/// <summary><c>dbproxy check FILE</c>: says what <c>run --config FILE</c> would say, and starts nothing.</summary>
internal static class CheckCommand
{
    public static Command Create()
    {
        var file = new Argument<string>("FILE") { Description = "The configuration file." };
        var command = new Command("check", "Check a configuration file and name each mistake by its place.");
        HelpText.Append(command, """
            Environment variables override the file here too, and passwords must be there, as for run.
            Exit codes: 0 valid, 2 not.
            Example:
              dbproxy check /etc/dbproxy/dbproxy.json
            """);
        command.Arguments.Add(file);
        command.SetAction(parsed =>
        {
            var name = parsed.GetRequiredValue(file);
            var output = parsed.InvocationConfiguration;
            var loaded = ConfigLoader.Load(new ConfigSources { File = name, Environment = ConfigSources.ProcessEnvironment() });
            if (loaded.Config is not { } config) return Mistakes.Report(loaded.Mistakes, output.Error);
            var parts = config.FrontEnd.Frontends.Select(f => $"frontend {f.Name} on {string.Join(", ", f.Listen)}");
            if (config.ServesMySql)
                parts = parts.Prepend($"listens on {string.Join(", ", config.Listen)}, servers {string.Join(", ", config.Servers.Select(s => s.Name))}");
            output.Output.WriteLine($"{name}: valid; {string.Join("; ", parts)}");
            return ExitCode.Success;
        });
        return command;
    }
}
