using System.Net;
using System.Net.Sockets;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>A link between a client and the proxy that can be torn like a cable: bytes under way are lost, a reset is sent.</summary>
internal sealed class RawLink : IAsyncDisposable
{
    private readonly Socket _listener;
    private readonly EndPoint _target;
    private readonly Task _pumping;
    private Socket? _client;
    private Socket? _proxy;
    private volatile bool _cutting;

    private RawLink(Socket listener, EndPoint target)
    {
        (_listener, _target) = (listener, target);
        _pumping = Task.Run(RunAsync);
    }

    internal int Port => ((IPEndPoint)_listener.LocalEndPoint!).Port;

    internal static RawLink Open(EndPoint target)
    {
        var listener = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        listener.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listener.Listen();
        return new RawLink(listener, target);
    }

    /// <summary>The next bytes from the proxy are not passed on: the link is cut instead.</summary>
    internal void CutAfterNextBytes() => _cutting = true;

    public async ValueTask DisposeAsync()
    {
        Close();
        await _pumping;
    }

    private async Task RunAsync()
    {
        try
        {
            _client = await _listener.AcceptAsync();
            _proxy = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            await _proxy.ConnectAsync(_target);
            await Task.WhenAny(PumpAsync(_client, _proxy, cuts: false), PumpAsync(_proxy, _client, cuts: true));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Closed before it was used.
        }

        Close();
    }

    private async Task PumpAsync(Socket from, Socket to, bool cuts)
    {
        var buffer = new byte[4096];
        try
        {
            while (await from.ReceiveAsync(buffer) is > 0 and var count && !(cuts && _cutting))
                await to.SendAsync(buffer.AsMemory(0, count));
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // Cut.
        }
    }

    private void Close()
    {
        // A zero linger time sends a reset, as a client that crashed does.
        if (_proxy is { } proxy)
        {
            try
            {
                proxy.LingerState = new LingerOption(true, 0);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                // Closed already.
            }

            proxy.Dispose();
        }

        _client?.Dispose();
        _listener.Dispose();
    }
}
