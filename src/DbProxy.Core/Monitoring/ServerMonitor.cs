namespace DbProxy.Core.Monitoring;

/// <summary>Watches one server for as long as there is one: probe, take in, wait, again.</summary>
public sealed class ServerMonitor
{
    /// <summary>Requested probes come at most this often.</summary>
    private static readonly TimeSpan _leastPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan _goodbye = TimeSpan.FromMilliseconds(500);

    private readonly TopologyKeeper _keeper;
    private readonly ServerState _server;
    private readonly IServerProbe _probe;
    private readonly TimeProvider _time;

    internal ServerMonitor(TopologyKeeper keeper, ServerState server, IServerProbe probe) =>
        (_keeper, _server, _probe, _time) = (keeper, server, probe, keeper.Time);

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Runs until the proxy stops, or the server is gone.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var settings = _keeper.Settings;
                var started = Now;
                await ProbeSafelyAsync(settings, stopping);
                await Task.Delay(_leastPause, _time, stopping);
                var rest = settings.Interval - (Now - started);
                if (rest > TimeSpan.Zero)
                    await _server.ProbeRequest.WaitAsync(rest, _time, stopping);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // A server that hangs doesn't answer the goodbye: the process must not wait for it.
            await Task.WhenAny(_probe.DisposeAsync().AsTask(), Task.Delay(_goodbye, CancellationToken.None));
        }
    }

    /// <summary>A bug in the monitor must not end it: the proxy would go on with a state that grows old
    /// unseen.</summary>
    private async Task ProbeSafelyAsync(MonitorSettings settings, CancellationToken stopping)
    {
        try
        {
            await ProbeOnceAsync(settings, stopping);
        }
        catch (Exception e) when (!stopping.IsCancellationRequested)
        {
            MonitorLog.Unexpected(_keeper.Logger, e, _server.Name);
            var failure = new ProbeFailure(ProbeFailureKind.Error, $"the monitor failed: {e.Message}");
            _keeper.TakeIn(_server, before => ServerEvaluator.Fail(before, failure, settings, Now), settings);
        }
    }

    /// <summary>Looks once and takes in what was seen, whether it failed or not.</summary>
    internal async Task ProbeOnceAsync(MonitorSettings settings, CancellationToken stopping)
    {
        try
        {
            var reading = await LookAsync(settings, stopping);
            _keeper.TakeIn(_server, before => ServerEvaluator.Succeed(before, reading, Bounds(reading), settings), settings, () => KeepHistory(reading));
        }
        catch (ProbeException e)
        {
            _keeper.TakeIn(_server, before => ServerEvaluator.Fail(before, e.Failure, settings, Now), settings);
        }
    }

    private async Task<ProbeReading> LookAsync(MonitorSettings settings, CancellationToken stopping)
    {
        var limit = _probe.Connected ? settings.Timeout : settings.ConnectTimeout + settings.Timeout;
        var look = _probe.ReadAsync(settings, stopping);
        try
        {
            return await look.WaitAsync(limit, _time, stopping);
        }
        catch (TimeoutException e)
        {
            // Nobody awaits it any more: its end, whenever it comes, must not become an unobserved exception.
            _ = look.ContinueWith(static t => t.Exception, TaskScheduler.Default);
            _probe.Abandon();
            var message = $"no answer within {limit.TotalMilliseconds:0} ms";
            throw new ProbeException(new ProbeFailure(ProbeFailureKind.TimedOut, message), e);
        }
    }

    private PositionBounds? Bounds(ProbeReading reading)
    {
        var primary = _keeper.Topology.Current.LastPrimary;
        return primary is not null && primary != _server ? primary.History.Compare(reading.Gtids) : null;
    }

    /// <summary>From the first look on, before anybody is elected: what was written in between would else count as
    /// behind since an unknown time.</summary>
    private void KeepHistory(ProbeReading reading)
    {
        if (!reading.ReadOnly && reading.Identity.HasGtids)
            _server.History.Record(reading.Gtids, reading.Asked, reading.Answered);
        else
            _server.History.Clear();
    }
}
