using DbProxy.Commands;
using DbProxy.Demo.Counting;
using DbProxy.Demo.Views;
using DbProxy.Demo.Workload;
using DbProxy.LocalCluster;
using Spectre.Console;

namespace DbProxy.Demo;

/// <summary>One demo from start to end: cluster, tables, proxy, workload, view, summary. What was started last stops first.</summary>
internal static class DemoRun
{
    private static readonly TimeSpan _tick = TimeSpan.FromSeconds(1);

    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(DemoOptions options) => UntilStopped.RunAsync((output, stopping) => RunAsync(options, output, stopping));

    private static async Task<int> RunAsync(DemoOptions options, TextWriter output, CancellationToken stopping)
    {
        var progress = new Progress(output);
        bool passed;
        await using (var cluster = await DemoCluster.StartAsync(options.Flavor, progress, Console.Error, stopping))
        {
            if (cluster is null)
            {
                return ExitCode.Failure;
            }

            progress.Say("Filling the tables");
            await ShopSchema.CreateAsync(cluster, options.Clients, stopping);
            passed = await ServeAsync(options, cluster, progress, output, stopping);
            await output.WriteLineAsync("Stopping the servers");
        }

        await output.WriteLineAsync("Stopped; nothing is left running.");
        return passed ? ExitCode.Success : ExitCode.Failure;
    }

    private static async Task<bool> ServeAsync(
        DemoOptions options, ReplicationCluster cluster, Progress progress, TextWriter output, CancellationToken stopping)
    {
        using var events = new RecentEvents();
        using var loggers = events.CreateFactory();
        progress.Say("Starting the proxy");
        await using var proxy = await DemoProxy.StartAsync(cluster, loggers, stopping);
        var facts = DemoFacts.Of(cluster, proxy, options.Clients);
        var tally = new Tally(cluster.Servers.Count, cluster.Primary.ServerId);
        var reader = new Reader(cluster, proxy, tally);
        var history = new History(reader.Take());
        await using (var workload = ShopWorkload.Start(facts.ConnectionString, options.Clients, tally))
        {
            using var view = View(facts, events, output);
            await WatchAsync(view, history, reader, options.Duration, stopping);
            await workload.StopAsync();
        }

        history.Add(reader.Take());
        foreach (var line in Summary.Lines(facts, history))
        {
            await output.WriteLineAsync(line);
        }

        return history.Now.Tally.Passed;
    }

    private static async Task WatchAsync(
        IDemoView view, History history, Reader reader, TimeSpan? duration, CancellationToken stopping)
    {
        using var timed = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        timed.CancelAfter(duration ?? Timeout.InfiniteTimeSpan);
        using var timer = new PeriodicTimer(_tick);
        try
        {
            view.Show(history);
            while (await timer.WaitForNextTickAsync(timed.Token))
            {
                history.Add(reader.Take());
                view.Show(history);
            }
        }
        catch (OperationCanceledException)
        {
            // The end that was asked for.
        }
    }

    private static IDemoView View(DemoFacts facts, RecentEvents events, TextWriter output) =>
        AnsiConsole.Profile is { Capabilities.Ansi: true, Out.IsTerminal: true }
            ? new LiveView(AnsiConsole.Console, facts, events)
            : new LineView(output, facts, events);
}
