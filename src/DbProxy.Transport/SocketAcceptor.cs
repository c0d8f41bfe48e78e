using System.Net;
using System.Net.Sockets;

namespace DbProxy.Transport;

/// <summary>Accepts connections on one address until it is stopped, whatever single clients or short resources do.</summary>
/// <param name="listening">Where; it is the acceptor's from now on.</param>
/// <param name="paused">Called when the system is out of descriptors or memory: for how long nobody is accepted, and why.</param>
public sealed class SocketAcceptor(ListenSocket listening, Action<TimeSpan, string> paused) : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);

    private readonly CancellationTokenSource _stopping = new();
    private Task _running = Task.CompletedTask;

    /// <summary>The address, with the port that the system chose where 0 was asked for.</summary>
    public EndPoint EndPoint { get; } = listening.EndPoint;

    /// <summary>Accepts from now on.</summary>
    /// <param name="accepted">Gets each client, without Nagle's delay; must not block.</param>
    /// <param name="room">Where each client takes a place, which is the receiver's to give back; null: there is no limit.</param>
    public void Start(Action<Socket> accepted, ConnectionRoom? room = null)
    {
        ArgumentNullException.ThrowIfNull(accepted);
        _running = Task.Run(() => RunAsync(accepted, room));
    }

    /// <summary>Accepts nobody any more, but for those who are connected already and would find nobody; clients stay.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _running;
        listening.Dispose();
    }

    private async Task RunAsync(Action<Socket> accepted, ConnectionRoom? room)
    {
        var hasPlace = room is null;
        while (!_stopping.IsCancellationRequested)
        {
            try
            {
                if (!hasPlace)
                    await room!.EnterAsync(_stopping.Token);
                // A client that is gone before it is accepted leaves its place to the next one.
                hasPlace = true;
                var client = await listening.Socket.AcceptAsync(_stopping.Token);
                hasPlace = room is null;
                await AdmitAsync(client, accepted, room);
            }
            catch (OperationCanceledException)
            {
                break;
            }
            catch (SocketException e) when (IsClientsFault(e.SocketErrorCode))
            {
                // It was gone before it was accepted.
            }
            catch (SocketException e)
            {
                // Out of descriptors or memory: accepting again at once would spin.
                paused(Pause, e.Message);
                await Task.Delay(Pause, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        if (room is not null && hasPlace)
            room.Return();
        if (listening.IsLast)
            TakeQueued(accepted, room);
    }

    /// <summary>The kernel would reset whom it has let in and nobody has accepted.</summary>
    private void TakeQueued(Action<Socket> accepted, ConnectionRoom? room)
    {
        try
        {
            listening.Socket.Blocking = false;
            while (room?.TryEnter() != false)
            {
                if (!listening.Socket.Poll(0, SelectMode.SelectRead))
                {
                    room?.Return();
                    return;
                }
                var client = listening.Socket.Accept();
                if (room?.TryEnterWhole() == false)
                    Refuse(client, room);
                else
                    HandOut(client, accepted);
            }
        }
        catch (SocketException)
        {
            room?.Return();
        }
    }

    private async ValueTask AdmitAsync(Socket client, Action<Socket> accepted, ConnectionRoom? room)
    {
        if (room?.TryEnterWhole() == false)
        {
            try
            {
                await room.EnterWholeAsync(_stopping.Token);
            }
            catch (OperationCanceledException)
            {
                Refuse(client, room);
                throw;
            }
        }
        HandOut(client, accepted);
    }

    private static void Refuse(Socket client, ConnectionRoom room)
    {
        client.Dispose();
        room.Return();
    }

    private static void HandOut(Socket client, Action<Socket> accepted)
    {
        if (client.AddressFamily != AddressFamily.Unix)
            client.NoDelay = true;
        // A session carries no caller's context with it: nothing of the listener's lives as long as its clients.
        using (ExecutionContext.SuppressFlow())
            accepted(client);
    }

    private static bool IsClientsFault(SocketError error) =>
        error is SocketError.ConnectionAborted or SocketError.ConnectionReset or SocketError.TimedOut;
}
