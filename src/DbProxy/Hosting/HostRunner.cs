using DbProxy.Commands;

namespace DbProxy.Hosting;

/// <summary>Runs a host to its end and says how it ended.</summary>
internal static class HostRunner
{
    /// <returns>0 when it stopped as asked, 1 when a service failed to start, to run or to stop.</returns>
    public static async Task<int> RunAsync(IHost host, TextWriter error, CancellationToken stopping)
    {
        // Taken before the run: the host disposes its services at the end of it.
        var services = host.Services.GetServices<IHostedService>().OfType<BackgroundService>().ToList();
        try
        {
            await host.RunAsync(stopping);
        }
        catch (Exception e)
        {
            await error.WriteLineAsync($"dbproxy: {Reason(e)}");
            return ExitCode.Failure;
        }
        // A background service's exception stops the host, but RunAsync then ends as if somebody had asked for it.
        foreach (var failure in services.Select(s => s.ExecuteTask?.Exception).OfType<AggregateException>())
        {
            await error.WriteLineAsync($"dbproxy: {Reason(failure)}");
            return ExitCode.Failure;
        }
        return ExitCode.Success;
    }

    private static string Reason(Exception e) => e switch
    {
        AggregateException { InnerException: { } inner } => Reason(inner),
        OperationCanceledException => "stopping took longer than Limits.DrainTimeout allows; connections were cut",
        _ => e.Message,
    };
}
