namespace DbProxy.Transport;

/// <summary>
/// How many connections may be there at a time, over all listeners that share it, and together with others in a larger room.
/// The limit may change while they are.
/// </summary>
public sealed class ConnectionRoom : IDisposable
{
    private readonly SemaphoreSlim _free;
    private readonly ConnectionRoom? _whole;
    private readonly Lock _lock = new();
    private int _most;
    private int _owed;

    /// <summary>Room for so many connections, at least one.</summary>
    /// <param name="most">How many.</param>
    /// <param name="whole">The room that this one is a part of; null: none.</param>
    public ConnectionRoom(int most, ConnectionRoom? whole = null) => (_most, _free, _whole) = (most, new(most), whole);

    /// <summary>The limit. Where it falls below what is there, connections stay, and those that end make no room.</summary>
    public int Most
    {
        get => _most;
        set
        {
            lock (_lock)
            {
                _owed += _most - value;
                _most = value;
                while (_owed > 0 && _free.Wait(0))
                    _owed--;
                if (_owed >= 0)
                    return;
                _free.Release(-_owed);
                _owed = 0;
            }
        }
    }

    /// <summary>Waits for a place and takes it.</summary>
    public Task EnterAsync(CancellationToken stopping) => _free.WaitAsync(stopping);

    /// <summary>Takes a place if there is one.</summary>
    public bool TryEnter() => _free.Wait(0);

    /// <summary>Whoever has a place here and has come waits for one in the whole. Not before: listeners without clients would take
    /// the whole's places.</summary>
    public Task EnterWholeAsync(CancellationToken stopping) => _whole?.EnterAsync(stopping) ?? Task.CompletedTask;

    /// <summary>The same without waiting.</summary>
    public bool TryEnterWhole() => _whole?.TryEnter() ?? true;

    /// <summary>Gives the place of a client back, in the whole, too.</summary>
    public void Leave()
    {
        Return();
        _whole?.Leave();
    }

    /// <summary>Gives a place back for which no client came.</summary>
    public void Return()
    {
        lock (_lock)
        {
            if (_owed > 0)
                _owed--;
            else
                _free.Release();
        }
    }

    /// <inheritdoc/>
    public void Dispose() => _free.Dispose();
}
