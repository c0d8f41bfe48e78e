using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>Watches one server for as long as the proxy runs: probe, take in, wait, again.</summary>
public sealed class ServerMonitor
{
    /// <summary>Requested probes come at most this often.</summary>
    private static readonly TimeSpan _leastPause = TimeSpan.FromMilliseconds(20);

    private static readonly TimeSpan _goodbye = TimeSpan.FromMilliseconds(500);

    private readonly Topology _topology;
    private readonly ServerState _server;
    private readonly IServerProbe _probe;
    private readonly Func<MonitorSettings> _settings;
    private readonly TimeProvider _time;
    private readonly ILogger _logger;
    private readonly ChangeReporter _reporter;

    internal ServerMonitor(
        Topology topology, ServerState server, IServerProbe probe, Func<MonitorSettings> settings, TimeProvider time,
        ILogger logger)
    {
        (_topology, _server, _probe, _settings, _time, _logger) = (topology, server, probe, settings, time, logger);
        _reporter = new ChangeReporter(logger);
    }

    internal ServerState Server => _server;

    private TimeSpan Now => _time.GetElapsedTime(0);

    /// <summary>Runs until the proxy stops.</summary>
    internal async Task RunAsync(CancellationToken stopping)
    {
        try
        {
            while (true)
            {
                var settings = _settings();
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
            MonitorLog.Unexpected(_logger, e, _server.Name);
            var failure = new ProbeFailure(ProbeFailureKind.Error, $"the monitor failed: {e.Message}");
            TakeIn(before => ServerEvaluator.Fail(before, failure, settings, Now), settings, null);
        }
    }

    /// <summary>Looks once and takes in what was seen, whether it failed or not.</summary>
    internal async Task ProbeOnceAsync(MonitorSettings settings, CancellationToken stopping)
    {
        try
        {
            var reading = await LookAsync(settings, stopping);
            TakeIn(before => ServerEvaluator.Succeed(before, reading, Bounds(reading), settings), settings, reading);
        }
        catch (ProbeException e)
        {
            TakeIn(before => ServerEvaluator.Fail(before, e.Failure, settings, Now), settings, null);
        }
    }

    /// <summary>Takes in what an operator wants of the server; it counts before this returns.</summary>
    internal void Obey(ServerOrder order) => TakeIn(before => before with { Order = order }, _settings(), null);

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
        var primary = _topology.Current.LastPrimary;
        return primary is not null && primary != _server ? primary.History.Compare(reading.Gtids) : null;
    }

    private void TakeIn(Func<ServerModel, ServerModel> take, MonitorSettings settings, ProbeReading? reading) =>
        _topology.Update(before =>
        {
            var settled = Array.ConvertAll([.. _topology.Servers], s => s.Model);
            var models = (ServerModel[])settled.Clone();
            models[_server.Index] = take(models[_server.Index]);
            if (ChangeReporter.IsRestart(settled[_server.Index], models[_server.Index]))
                _server.ForgetLearned();
            var after = TopologyEvaluator.Evaluate(_topology.Servers, models, before, settings, _time.GetUtcNow());
            if (reading is not null)
                KeepHistory(reading);
            foreach (var server in _topology.Servers)
                _reporter.Report(server, settled[server.Index], server.Model);
            _reporter.Report(before, after);
            return after;
        });

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
