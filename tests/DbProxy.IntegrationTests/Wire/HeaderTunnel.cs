using System.Net;
using System.Net.Sockets;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>A load balancer as small as can be: says whatever it is told to at the start of each connection, then passes bytes on.</summary>
internal sealed class HeaderTunnel : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly int _target;
    private readonly byte[] _header;
    private readonly IPAddress _from;
    private readonly Task _accepting;

    private HeaderTunnel(int target, byte[] header, IPAddress from)
    {
        (_target, _header, _from) = (target, header, from);
        _listener.Start();
        _accepting = Task.Run(AcceptAsync);
    }

    public uint Port => (uint)((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Starts one.</summary>
    /// <param name="target">The port behind it.</param>
    /// <param name="header">What each connection to it begins with.</param>
    /// <param name="from">The tunnel's own address; null: 127.0.0.1.</param>
    public static HeaderTunnel Start(int target, byte[] header, string? from = null) =>
        new(target, header, from is null ? IPAddress.Loopback : IPAddress.Parse(from));

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
        using (var server = new TcpClient(new IPEndPoint(_from, 0)))
        {
            await server.ConnectAsync(IPAddress.Loopback, _target);
            await server.GetStream().WriteAsync(_header);
            await Task.WhenAny(client.GetStream().CopyToAsync(server.GetStream()), server.GetStream().CopyToAsync(client.GetStream()));
        }
    }
}
