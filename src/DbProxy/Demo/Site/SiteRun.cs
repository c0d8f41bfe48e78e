using DbProxy.Commands;
using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Members;
using DbProxy.Demo.Site.Outside;

namespace DbProxy.Demo.Site;

/// <summary><c>dbproxy demo --full</c> from start to end.</summary>
internal static class SiteRun
{
    /// <returns>The process's exit code.</returns>
    public static Task<int> RunAsync(DemoOptions options) => UntilStopped.RunAsync(async (output, stopping) =>
    {
        try
        {
            return await RunAsync(options, output, stopping);
        }
        catch (SiteException error)
        {
            await Console.Error.WriteLineAsync(error.Message);
            return ExitCode.Failure;
        }
    });

    private static async Task<int> RunAsync(DemoOptions options, TextWriter output, CancellationToken stopping)
    {
        bool passed;
        await using (var stack = await SiteStack.StartAsync(options.Flavor, new Progress(output), Console.Error, stopping))
        {
            if (stack is null)
                return ExitCode.Failure;
            await using var control = new ControlServer(stack, stack.Folder);
            foreach (var line in SiteFacts.Lines(stack))
                await output.WriteLineAsync(line);
            passed = await ServeAsync(options.Duration, stack, output, stopping);
            await output.WriteLineAsync("Stopping everything");
        }

        await output.WriteLineAsync("Stopped; nothing is left running.");
        return passed ? ExitCode.Success : ExitCode.Failure;
    }

    /// <summary>Until it is told to stop; a timed run is watched by a client from outside, whose report decides.</summary>
    private static async Task<bool> ServeAsync(TimeSpan? duration, SiteStack stack, TextWriter output, CancellationToken stopping)
    {
        if (duration is not { } limit)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            return true;
        }

        await using var client = OutsideClient.Start(await stack.DoAsync(new(SiteAction.View), stopping));
        await Task.Delay(limit, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        var samples = await client.StopAsync();
        foreach (var line in Traffic.Of(samples).Lines())
            await output.WriteLineAsync(line);
        return samples.Count > 0 && samples.All(s => s.Succeeded);
    }
}
