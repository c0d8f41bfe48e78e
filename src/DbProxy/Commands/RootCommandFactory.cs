using System.CommandLine;
using System.CommandLine.Parsing;
using DbProxy.Core.Configuration;

namespace DbProxy.Commands;

/// <summary>The command line: every command is added here.</summary>
internal static class RootCommandFactory
{
    /// <param name="registerProxy">Adds the proxy's services to the host that <c>run</c> and <c>balance</c> build.</param>
    public static RootCommand Create(Action<IServiceCollection, ProxyConfig> registerProxy)
    {
        var root = new RootCommand("A MySQL and MariaDB proxy that sends reads to replicas and writes to the primary.");
        HelpText.Install(root);
        HelpText.Append(root, RunCommand.Example);
        root.Subcommands.Add(RunCommand.Create(registerProxy));
        root.Subcommands.Add(BalanceCommand.Create(registerProxy));
        root.Subcommands.Add(Ctl.CtlCommand.Create());
        root.Subcommands.Add(CheckCommand.Create());
        root.Subcommands.Add(ProbeCommand.Create());
        root.Subcommands.Add(SchemaCommand.Create());
        root.Subcommands.Add(Cluster.ClusterCommand.Create());
        root.Subcommands.Add(Demo.DemoCommand.Create());
        return root;
    }

    /// <summary>Runs the command that <paramref name="args"/> name and returns the process's exit code.</summary>
    public static async Task<int> RunAsync(RootCommand root, string[] args, InvocationConfiguration? configuration = null)
    {
        configuration ??= new InvocationConfiguration();
        // The host handles SIGTERM and Ctrl-C itself and drains; the parser's own handler would cut that off.
        configuration.ProcessTerminationTimeout = null;
        var parsed = root.Parse(args);
        if (parsed.Errors.Count == 0) return await parsed.InvokeAsync(configuration);
        foreach (var error in parsed.Errors) await configuration.Error.WriteLineAsync(error.Message);
        await configuration.Error.WriteLineAsync($"See: {CommandPath(parsed.CommandResult)} --help");
        return ExitCode.BadConfiguration;
    }

    private static string CommandPath(CommandResult command) =>
        command.Parent is CommandResult parent ? $"{CommandPath(parent)} {command.Command.Name}" : "dbproxy";
}
