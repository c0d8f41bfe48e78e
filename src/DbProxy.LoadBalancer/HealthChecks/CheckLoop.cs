using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Asks about one server again and again, for as long as it is in its backend.</summary>
internal abstract class CheckLoop(Server server, IHealthProbe probe, TimeSpan limit, TimeProvider time)
{
    protected Server Server => server;

    protected abstract TimeSpan Pause { get; }

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stopping.IsCancellationRequested)
        {
            if (server.Status.Admin != AdminState.Maint || server.IsOrderedByCheck)
                await CheckOnceAsync(stopping);
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>Takes in one check.</summary>
    internal abstract void Take(in CheckResult check);

    protected abstract void Report(CheckReport report);

    private async Task CheckOnceAsync(CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        var check = await CheckAsync(stopping);
        // A check that was broken off says nothing.
        if (stopping.IsCancellationRequested)
            return;
        Take(check);
        Report(new(check.IsGood, check.Detail, time.GetElapsedTime(started), time.GetUtcNow()));
    }

    private async Task<CheckResult> CheckAsync(CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(limit, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            return await probe.CheckAsync(server.Config, either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            return new(false, $"no answer within {limit.TotalSeconds:0.###} s");
        }
        catch (Exception e)
        {
            // Whatever a server does to a check says something about the server, and must not end the checks.
            return new(false, e.Message);
        }
    }
}
