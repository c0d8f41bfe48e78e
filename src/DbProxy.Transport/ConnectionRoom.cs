namespace DbProxy.Transport;

/// <summary>How many connections may be there at a time, over all listeners that share it. The limit may change while they are.</summary>
public sealed class ConnectionRoom : IDisposable
{
    private readonly SemaphoreSlim _free;
    private readonly Lock _lock = new();
    private int _most;
    private int _owed;

    /// <summary>Room for so many connections, at least one.</summary>
    public ConnectionRoom(int most) => (_most, _free) = (most, new(most));

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

    /// <summary>Gives a place back.</summary>
    public void Leave()
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
