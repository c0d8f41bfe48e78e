using System.Net.Sockets;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>What servers of the tests do until their listener is disposed.</summary>
internal static class AcceptLoop
{
    /// <param name="listener">Listens already.</param>
    /// <param name="serve">Serves a connection and closes it.</param>
    public static async Task RunAsync(TcpListener listener, Func<Socket, Task> serve)
    {
        try
        {
            while (true)
                _ = serve(await listener.AcceptSocketAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }
}
