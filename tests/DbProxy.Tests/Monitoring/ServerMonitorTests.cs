using DbProxy.Core.Monitoring;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Xunit;
using static DbProxy.Tests.Monitoring.Readings;

namespace DbProxy.Tests.Monitoring;

public sealed class ServerMonitorTests
{
    private readonly FakeTimeProvider _time = new();
    private readonly Topology _topology =
        new([new ServerState(0, "db1", "db1", 3306), new ServerState(1, "db2", "db2", 3306)]);

    private readonly FakeProbe[] _probes = [new(), new()];

    private double Now => _time.GetElapsedTime(0).TotalSeconds;

    [Fact]
    public async Task The_lag_grows_while_the_primary_goes_on_and_the_replica_does_not()
    {
        var (primary, replica) = (Monitor(0), Monitor(1));
        var written = 10;
        _probes[0].Look = () => Writable(1, Now, Positions.Set(written));
        _probes[1].Look = () => ReplicaOf(1, 2, Now, lag: 0, gtids: Positions.Set(10));
        for (var i = 0; i < 45; i++)
        {
            if (i > 0)
                written++;
            await primary.ProbeOnceAsync(Settings, default);
            await replica.ProbeOnceAsync(Settings, default);
            _time.Advance(TimeSpan.FromMilliseconds(250));
        }
        // The first step beyond the first position was seen at 0.25 s. The replica itself claims no lag at all.
        Assert.Equal((44 - 1) * 250, _topology.Servers[1].Model.LagMilliseconds!.Value, 0.1);
        Assert.Empty(_topology.Current.Fresh);
        _probes[1].Look = () => ReplicaOf(1, 2, Now, lag: 0, gtids: Positions.Set(written));
        await replica.ProbeOnceAsync(Settings, default);
        Assert.Single(_topology.Current.Fresh);
    }

    [Fact]
    public async Task A_server_that_hangs_is_given_up_and_goes_down()
    {
        var monitor = Monitor(0);
        _probes[0].Look = () => Writable(1, Now);
        await monitor.ProbeOnceAsync(Settings, default);
        _probes[0].Hangs = true;
        for (var i = 1; i <= 2; i++)
        {
            Assert.Equal(ServerHealth.Up, _topology.Servers[0].Model.Health);
            var probe = monitor.ProbeOnceAsync(Settings, default);
            _time.Advance(TimeSpan.FromMilliseconds(999));
            Assert.False(probe.IsCompleted);
            _time.Advance(TimeSpan.FromMilliseconds(1));
            await probe;
            Assert.Equal(i, _probes[0].Abandoned);
        }
        Assert.Equal(ServerHealth.Down, _topology.Servers[0].Model.Health);
        Assert.Contains("no answer within 1000 ms", _topology.Servers[0].Model.Reason);
    }

    [Fact]
    public async Task The_loop_probes_at_its_interval_sooner_when_asked_and_survives_a_bug()
    {
        using var stopping = new CancellationTokenSource();
        var thrown = false;
        _probes[0].Look = () => thrown ? Writable(1, Now) : throw new NotSupportedException("a bug");
        var running = Monitor(0).RunAsync(stopping.Token);
        await LooksAsync(1);
        thrown = true;
        await LooksAsync(2);
        _topology.Servers[0].RequestProbe();
        // Well within the interval of 250 ms; the loop may miss the first steps on its way to its pause.
        await LooksAsync(3, TimeSpan.FromMilliseconds(150));
        await stopping.CancelAsync();
        await running;
        Assert.True(_probes[0].Disposed);
        Assert.Equal(ServerHealth.Up, _topology.Servers[0].Model.Health);
    }

    [Fact]
    public async Task A_restart_forgets_what_sessions_learned()
    {
        var monitor = Monitor(1);
        _probes[1].Look = () => ReplicaOf(1, 2, Now, gtids: Positions.Set(5));
        await monitor.ProbeOnceAsync(Settings, default);
        var token = Positions.Token(9);
        _topology.Servers[1].LearnApplied(token);
        Assert.True(_topology.Servers[1].HasApplied(token));
        _probes[1].Look = () => ReplicaOf(1, 2, Now, gtids: Positions.Set(5)) with
        {
            Identity = Identity(2) with { StartTime = DateTimeOffset.UnixEpoch.AddMinutes(1) },
        };
        await monitor.ProbeOnceAsync(Settings, default);
        Assert.False(_topology.Servers[1].HasApplied(token));
    }

    private ServerMonitor Monitor(int server, ILogger? logger = null) => new(
        new(_topology, () => Settings, _time, logger ?? NullLogger.Instance), _topology.Servers[server], _probes[server]);

    /// <summary>Lets virtual time pass until the probe has looked so often, in steps that a loop between two awaits may
    /// miss: how many steps that takes is no part of the claim, how much virtual time at most is.</summary>
    private async Task LooksAsync(int count, TimeSpan? within = null)
    {
        var deadline = DateTime.UtcNow.AddSeconds(20);
        while (_probes[0].Looks < count)
        {
            Assert.True(DateTime.UtcNow < deadline, $"no look number {count}");
            if (within is null)
                _time.Advance(TimeSpan.FromMilliseconds(10));
            else if (within > TimeSpan.Zero)
                (within, _) = (within - TimeSpan.FromMilliseconds(10), Advance());
            await Task.Delay(1);
        }

        bool Advance()
        {
            _time.Advance(TimeSpan.FromMilliseconds(10));
            return true;
        }
    }
}
