using System.Net;
using System.Net.Sockets;

namespace DbProxy.IntegrationTests.BadInput;

/// <summary>A server as seen through a link that damages, while it is told to, what the server says.</summary>
internal sealed class LyingLink : IDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly CancellationTokenSource _closing = new();

    public LyingLink(int target)
    {
        _target = target;
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Changes each piece that the server sends; null: the truth.</summary>
    public volatile Func<byte[], byte[]>? Lie;

    /// <summary>Pieces damaged so far.</summary>
    public int Lies;

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = ServeAsync(await _listener.AcceptSocketAsync(_closing.Token));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    private async Task ServeAsync(Socket client)
    {
        using var server = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        using (client)
        {
            client.NoDelay = true;
            try
            {
                await server.ConnectAsync("127.0.0.1", _target);
                await Task.WhenAny(PumpAsync(client, server, lies: false), PumpAsync(server, client, lies: true));
            }
            catch (SocketException)
            {
            }
        }
    }

    private async Task PumpAsync(Socket from, Socket to, bool lies)
    {
        var buffer = new byte[64 << 10];
        try
        {
            for (int n; (n = await from.ReceiveAsync(buffer, _closing.Token)) > 0;)
            {
                var piece = buffer[..n];
                if (lies && Lie is { } lie)
                {
                    Interlocked.Increment(ref Lies);
                    piece = lie(piece);
                }
                await to.SendAsync(piece, _closing.Token);
            }
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException or OperationCanceledException)
        {
        }
    }

    public void Dispose()
    {
        _closing.Cancel();
        _listener.Dispose();
    }
}
