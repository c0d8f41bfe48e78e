using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>Checks one server for as long as it is in its backend, and takes it out of work and back by rise and fall.</summary>
internal sealed class ServerChecker(Backend backend, Server server, IHealthProbe probe, TimeProvider time)
{
    private readonly HealthCheckConfig _config = backend.Config.Check!;
    private int _good;
    private int _bad;

    public async Task RunAsync(CancellationToken stopping)
    {
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        while (!stopping.IsCancellationRequested)
        {
            if (server.Status.Admin != AdminState.Maint || server.IsOrderedByAgent)
                await CheckOnceAsync(stopping);
            await Task.Delay(Pause, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private TimeSpan Pause => (server.Status.IsUp ? _bad : _good) > 0 ? _config.FastInterval : _config.Interval;

    private async Task CheckOnceAsync(CancellationToken stopping)
    {
        var started = time.GetTimestamp();
        var check = await CheckAsync(stopping);
        // A check that was broken off says nothing.
        if (stopping.IsCancellationRequested)
            return;
        server.LastCheck = new(check.IsGood, check.Detail, time.GetElapsedTime(started), time.GetUtcNow());
        Take(check);
    }

    private async Task<CheckResult> CheckAsync(CancellationToken stopping)
    {
        using var timeout = new CancellationTokenSource(_config.Timeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(stopping, timeout.Token);
        try
        {
            return await probe.CheckAsync(server.Config, either.Token).WaitAsync(either.Token);
        }
        catch (Exception) when (timeout.IsCancellationRequested)
        {
            return new(false, $"no answer within {_config.Timeout.TotalSeconds:0.###} s");
        }
        catch (Exception e)
        {
            // Whatever a server does to a check says something about the server, and must not end the checks.
            return new(false, e.Message);
        }
    }

    /// <summary>Takes in one check.</summary>
    internal void Take(in CheckResult check)
    {
        Obey(check);
        var up = server.Status.IsUp;
        (_good, _bad) = check.IsGood ? (_good + 1, 0) : (0, _bad + 1);
        if (up && !check.IsGood)
            Interlocked.Increment(ref server.Counters.CheckFailures);
        if (up && _bad >= _config.Fall)
            server.SetHealth(false, $"{check.Detail} ({_bad} checks failed)");
        else if (!up && _good >= _config.Rise)
            server.SetHealth(true, check.Detail, backend.Config.SlowStart);
        else if (check.IsGood == up)
            server.SetHealth(up, check.Detail);
    }

    /// <summary>An agent speaks for the machine's operator, but does not take back what was ordered here.</summary>
    private void Obey(in CheckResult check)
    {
        if (check.Admin is { } wish && wish != server.Status.Admin && (wish != AdminState.Ready || server.IsOrderedByAgent))
        {
            server.IsOrderedByAgent = wish != AdminState.Ready;
            server.SetAdmin(wish, check.Detail, backend.Config.SlowStart);
        }
        server.AgentShare = check.Weight ?? server.AgentShare;
    }
}
