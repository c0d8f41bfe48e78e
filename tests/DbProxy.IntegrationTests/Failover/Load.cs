using System.Collections.Concurrent;
using System.Diagnostics;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>Sessions that do one thing again and again until told to stop; a session that loses its connection opens another.</summary>
internal sealed class Load
{
    private readonly FailoverProxy _proxy;
    private readonly Func<MySqlConnection, int, Task<long>> _step;
    private readonly ConcurrentDictionary<long, long> _served = new();
    private readonly List<Task> _loops;
    private volatile bool _stopping;
    private long _slowestTicks;

    private Load(FailoverProxy proxy, int sessions, Func<MySqlConnection, int, Task<long>> step)
    {
        (_proxy, _step) = (proxy, step);
        _loops = [.. Enumerable.Range(0, sessions).Select(i => Task.Run(() => RunAsync(i)))];
    }

    /// <summary>What went wrong, and when (<see cref="Stopwatch"/> ticks).</summary>
    internal ConcurrentQueue<(long At, Exception Error)> Errors { get; } = new();

    /// <summary>The longest step.</summary>
    internal TimeSpan Slowest => Stopwatch.GetElapsedTime(0, Volatile.Read(ref _slowestTicks));

    internal long Total => _served.Values.Sum();

    /// <param name="proxy">Where to connect.</param>
    /// <param name="sessions">How many connections.</param>
    /// <param name="step">What a session does; it returns the id of the server that answered.</param>
    internal static Load Start(FailoverProxy proxy, int sessions, Func<MySqlConnection, int, Task<long>> step) => new(proxy, sessions, step);

    internal long ServedBy(long serverId) => _served.GetValueOrDefault(serverId);

    /// <summary>Waits for so many more answers, of one server or of any.</summary>
    internal async Task MoreAsync(long count, long? serverId = null)
    {
        long Now() => serverId is { } id ? ServedBy(id) : Total;
        var wanted = Now() + count;
        await _proxy.UntilAsync(() => Now() >= wanted, $"{count} more answers of server {serverId?.ToString() ?? "any"} {this}");
    }

    internal async Task StopAsync()
    {
        _stopping = true;
        await Task.WhenAll(_loops).WaitAsync(TimeSpan.FromSeconds(30));
    }

    internal void AssertNoErrors() => Assert.True(Errors.IsEmpty, $"{Errors.Count} errors, first: {Errors.FirstOrDefault().Error}");

    public override string ToString() =>
        $"{Total} answers ({string.Join(", ", _served.Select(s => $"server {s.Key}: {s.Value}"))}), {Errors.Count} errors, slowest {Slowest.TotalMilliseconds:0} ms";

    private async Task RunAsync(int session)
    {
        MySqlConnection? connection = null;
        while (!_stopping)
        {
            var started = Stopwatch.GetTimestamp();
            try
            {
                connection ??= await _proxy.ConnectAsync();
                var server = await _step(connection, session);
                _served.AddOrUpdate(server, 1, static (_, n) => n + 1);
                await Task.Delay(2);
            }
            catch (MySqlException e)
            {
                Errors.Enqueue((Stopwatch.GetTimestamp(), e));
                if (connection is not null)
                    await connection.DisposeAsync();
                connection = null;
                await Task.Delay(20);
            }

            var took = Stopwatch.GetTimestamp() - started;
            for (var old = _slowestTicks; took > old && Interlocked.CompareExchange(ref _slowestTicks, took, old) != old;)
                old = _slowestTicks;
        }

        if (connection is not null)
            await connection.DisposeAsync();
    }
}
