using System.Net;
using System.Net.Sockets;
using System.Text;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>A server that says its name, then sends back what it gets; its side stays open until the client's is done.</summary>
internal sealed class EchoServer : IDisposable
{
    private readonly TcpListener _listener;
    private readonly string _name;
    private int _sessions;

    public EchoServer(string name, int port = 0)
    {
        _name = name;
        _listener = new(IPAddress.Loopback, port);
        _listener.Start();
        Port = ((IPEndPoint)_listener.LocalEndpoint).Port;
        _ = AcceptLoop.RunAsync(_listener, ServeAsync);
    }

    public string Name => _name;

    public int Port { get; }

    public int Sessions => Volatile.Read(ref _sessions);

    private async Task ServeAsync(Socket socket)
    {
        // Health checks connect and go: only a client that says something counts.
        using var _ = socket;
        var buffer = new byte[64 << 10];
        try
        {
            await socket.SendAsync(Encoding.ASCII.GetBytes($"{_name}\n"));
            for (int n, first = 1; (n = await socket.ReceiveAsync(buffer)) > 0; first = 0)
            {
                Interlocked.Add(ref _sessions, first);
                await socket.SendAsync(buffer.AsMemory(0, n));
            }
            socket.Shutdown(SocketShutdown.Send);
        }
        catch (SocketException)
        {
        }
    }

    public void Dispose() => _listener.Dispose();
}
