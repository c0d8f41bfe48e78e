using System.CommandLine;
using DbProxy.Hosting;
using DbProxy.LocalCluster;

namespace DbProxy.Cluster;

/// <summary><c>dbproxy cluster</c>: a replicating cluster of real servers on this machine, until it is told to end.</summary>
internal static class ClusterCommand
{
    private static readonly Option<string> _flavor = new("--flavor")
    {
        Description = "mysql or mariadb",
        DefaultValueFactory = _ => "mysql",
    };

    private static readonly Option<int> _replicas = new("--replicas")
    {
        Description = "replicas beside the primary",
        DefaultValueFactory = _ => 2,
    };

    private static readonly Option<bool> _json = new("--json") { Description = "print the cluster as one line of JSON" };

    private static readonly Option<int?> _seconds = new("--seconds")
    {
        Description = "end by itself after so many seconds; without it: at Ctrl-C or SIGTERM",
    };

    private static readonly Option<bool> _ignorePath = new("--ignore-path")
    {
        Description = "do not use servers installed on this machine, only downloaded ones",
    };

    private static readonly Option<bool> _router = new("--router") { Description = "fetch MySQL Router too, and print its path" };

    private static readonly Option<string[]> _serverOptions = new("--server-option")
    {
        Description = "an option for every server, such as --server-option=--max-connections=4000; may be repeated",
    };

    /// <summary>The command, to be added to the root command.</summary>
    public static Command Create()
    {
        _flavor.AcceptOnlyFromAmong("mysql", "mariadb");
        _replicas.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<int>() is < 0 or > 50)
            {
                result.AddError("--replicas takes 0 to 50.");
            }
        });
        var command = new Command("cluster", "Start one primary and its replicas on this machine, and stop them at the end.")
        {
            _flavor, _replicas, _json, _seconds, _ignorePath, _router, _serverOptions,
        };
        command.SetAction((parsed, _) => RunAsync(parsed));
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed)
    {
        // The parser handles no signals (RootCommandFactory), and without a handler the data folders would stay.
        using var signals = new StopSignals();
        var cancel = signals.Stopping;
        var flavor = parsed.GetValue(_flavor) == "mariadb" ? ServerFlavor.MariaDb : ServerFlavor.MySql;
        var options = new ClusterOptions
        {
            Replicas = parsed.GetValue(_replicas),
            ExtraArguments = parsed.GetValue(_serverOptions) ?? [],
            Binaries = new LocalClusterOptions
            {
                IgnorePath = parsed.GetValue(_ignorePath),
                IncludeRouter = parsed.GetValue(_router),
                Progress = Console.Error.WriteLine,
            },
        };
        try
        {
            await using var cluster = await ReplicationCluster.StartAsync(flavor, options, cancel);
            Console.WriteLine(parsed.GetValue(_json) ? ClusterReport.Json(cluster) : ClusterReport.Text(cluster));
            await Task.Delay(Limit(parsed.GetValue(_seconds)), cancel).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return 0;
        }
        catch (OperationCanceledException)
        {
            return 0;
        }
        catch (Exception error) when (error is ClusterUnavailableException or ServerStartException)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return 1;
        }
    }

    private static TimeSpan Limit(int? seconds) => seconds is null ? Timeout.InfiniteTimeSpan : TimeSpan.FromSeconds(seconds.Value);
}
