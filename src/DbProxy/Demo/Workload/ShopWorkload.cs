using DbProxy.Demo.Counting;
using MySqlConnector;

namespace DbProxy.Demo.Workload;

/// <summary>Many clients at once, each with a pause between its requests, so that a small machine stays usable.</summary>
internal sealed class ShopWorkload : IAsyncDisposable
{
    private const int ThinkMilliseconds = 20;
    private static readonly TimeSpan _afterError = TimeSpan.FromMilliseconds(200);
    // Longer than a statement's own timeout: an answer that never comes must end as an error that counts.
    private static readonly TimeSpan _lastRequests = TimeSpan.FromSeconds(40);

    private readonly MySqlDataSource _source;
    private readonly Tally _tally;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task[] _clients;

    private ShopWorkload(string connectionString, int clients, Tally tally)
    {
        _tally = tally;
        _source = new MySqlDataSource(connectionString);
        _clients = [.. Enumerable.Range(1, clients).Select(id => Task.Run(() => LoopAsync(new ShopClient(id, _source, tally), id)))];
    }

    /// <summary>Starts the clients, which all use this one connection string.</summary>
    public static ShopWorkload Start(string connectionString, int clients, Tally tally) => new(connectionString, clients, tally);

    /// <summary>Lets each client finish its request, so that no error is made by the end itself.</summary>
    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        try
        {
            await Task.WhenAll(_clients).WaitAsync(_lastRequests);
        }
        catch (TimeoutException)
        {
            _tally.Failed($"requests did not end within {_lastRequests.TotalSeconds:0} s");
        }
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        await _source.DisposeAsync();
        _stopping.Dispose();
    }

    private async Task LoopAsync(ShopClient client, int seed)
    {
        var random = new Random(seed);
        while (!_stopping.IsCancellationRequested)
        {
            var pause = TimeSpan.FromMilliseconds(random.Next(2 * ThinkMilliseconds));
            try
            {
                await client.RequestAsync();
            }
            catch (Exception e)
            {
                // Whatever an application would see as an exception is a failure of the demo.
                _tally.Failed(e.Message);
                pause = _afterError;
            }

            await Task.Delay(pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        }
    }
}
