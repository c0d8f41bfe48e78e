using System.Net;
using System.Net.Sockets;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>A load balancer as small as can be: says whatever it is told to at the start of each connection, then passes bytes on.</summary>
internal sealed class HeaderTunnel : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly byte[] _header;
    private readonly Task _accepting;

    private HeaderTunnel(int target, byte[] header)
    {
        (_target, _header) = (target, header);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public uint Port => (uint)((IPEndPoint)_listener.LocalEndpoint).Port;

    public static HeaderTunnel Start(int target, byte[] header) => new(target, header);

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    private async Task AcceptAsync()
    {
        List<Task> connections = [];
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                connections.Add(Task.Run(() => RelayAsync(client)));
            }
        }
        catch (SocketException)
        {
            await Task.WhenAll(connections).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private async Task RelayAsync(TcpClient client)
    {
        using (client)
        using (var server = new TcpClient())
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await server.GetStream().WriteAsync(_header);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
    }
}
