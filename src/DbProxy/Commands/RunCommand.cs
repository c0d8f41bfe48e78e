using System.CommandLine;
using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Loading;
using DbProxy.Hosting;

namespace DbProxy.Commands;

/// <summary><c>dbproxy run</c>: reads the configuration, then serves until it is told to stop.</summary>
internal static class RunCommand
{
    /// <summary>For the help of <c>run</c> and of the program.</summary>
    public const string Example = """
        Example:
          export DBPROXY_MONITOR_PASSWORD=…
          dbproxy run --listen 127.0.0.1:6033 --server 127.0.0.1:3306 --server 127.0.0.1:3307 \
            --monitor-user monitor --admin 127.0.0.1:6070
        """;

    private const string Notes = """
        Roles are detected and users are learnt: servers and a monitoring account are enough.
        SIGTERM and Ctrl-C drain. The configuration file is read again when it changes, and on SIGHUP.
        Exit codes: 0 stopped after draining, 1 failed, 2 the configuration is wrong.

        """ + Example;

    public static Command Create(Action<IServiceCollection, ProxyConfig> registerProxy)
    {
        var flags = new RunFlags();
        var command = new Command("run", "Serve MySQL clients until told to stop.");
        HelpText.Append(command, Notes);
        flags.AddTo(command);
        command.SetAction(async (parsed, stopping) =>
        {
            var sources = new ConfigSources
            {
                File = parsed.GetValue(flags.Config),
                Environment = ConfigSources.ProcessEnvironment(),
                Flags = flags.Read(parsed),
            };
            var loaded = ConfigLoader.Load(sources);
            if (loaded.Config is null)
                return Mistakes.Report(loaded.Mistakes, parsed.InvocationConfiguration.Error);
            Func<ConfigResult>? reload = sources.File is null ? null : () => ConfigLoader.Load(sources);
            using var host = HostFactory.Create(new ConfigStore(loaded.Config, reload, sources.File), registerProxy);
            return await HostRunner.RunAsync(host, parsed.InvocationConfiguration.Error, stopping);
        });
        return command;
    }
}
