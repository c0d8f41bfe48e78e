using System.Net;
using System.Net.Sockets;
using DbProxy.LoadBalancer.Backends;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>
/// A way for a driver that opens connections by itself over one that begins as a backend's do, with the PROXY header or TLS: a
/// port of this machine that leads through it, once.
/// </summary>
internal sealed class CheckTunnel : IAsyncDisposable
{
    private readonly ByteChannel _server;
    private readonly Socket _listener = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
    private readonly CancellationTokenSource _closing = new();
    private readonly Task _relaying;

    private CheckTunnel(ByteChannel server)
    {
        _server = server;
        _listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        _listener.Listen(1);
        _relaying = RelayAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    /// <summary>Connects to the server; what is wrong with that is known before the driver begins.</summary>
    public static async Task<CheckTunnel> OpenAsync(ServerDial dial, CancellationToken timeout) => new(await dial.OpenChannelAsync(timeout));

    public async ValueTask DisposeAsync()
    {
        await _closing.CancelAsync();
        _listener.Dispose();
        await _relaying;
        _closing.Dispose();
    }

    private async Task RelayAsync()
    {
        using var server = _server;
        try
        {
            using var client = new SocketChannel(await _listener.AcceptAsync(_closing.Token));
            var relay = new DuplexRelay(client, server);
            await using var closing = _closing.Token.Register(() => relay.Abort());
            await relay.RunAsync();
        }
        catch (Exception e) when (e is OperationCanceledException or SocketException)
        {
            // The driver never came.
        }
    }
}
