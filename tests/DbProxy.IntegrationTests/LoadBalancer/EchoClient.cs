using System.Net;
using System.Net.Sockets;
using System.Text;
using DbProxy.LoadBalancer;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>A client of <see cref="EchoServer"/>.</summary>
internal sealed class EchoClient : IDisposable
{
    private static readonly TimeSpan _patience = TimeSpan.FromSeconds(20);

    private EchoClient(Socket socket) => Socket = socket;

    public Socket Socket { get; }

    /// <summary>The name that the server said; null: the connection ended first.</summary>
    public string? Server { get; private set; }

    public static async Task<EchoClient> ConnectAsync(IPEndPoint address, IPAddress? from = null)
    {
        var client = new EchoClient(new(SocketType.Stream, ProtocolType.Tcp));
        if (from is not null)
            client.Socket.Bind(new IPEndPoint(from, 0));
        await client.Socket.ConnectAsync(new IPEndPoint(IPAddress.Loopback, address.Port));
        client.Server = await client.ReadLineAsync();
        return client;
    }

    /// <summary>The name of the server that a new connection leads to; null: it was refused.</summary>
    public static async Task<string?> AskAsync(IPEndPoint address, IPAddress? from = null)
    {
        using var client = await ConnectAsync(address, from);
        return client.Server is null ? null : await client.EchoAsync("x") == "x" ? client.Server : "broken";
    }

    /// <summary>The servers that new connections lead to, one after the other.</summary>
    public static async Task<string?[]> AskAsync(Balancer balancer, int times)
    {
        var names = new string?[times];
        for (var i = 0; i < times; i++)
            names[i] = await AskAsync(At(balancer));
        return names;
    }

    /// <summary>Where its first frontend listens.</summary>
    public static IPEndPoint At(Balancer balancer) => balancer.Frontends[0].EndPoints.First();

    public async Task<string?> EchoAsync(string text)
    {
        await Socket.SendAsync(Encoding.ASCII.GetBytes(text + "\n"));
        return await ReadLineAsync();
    }

    /// <summary>Sends, ends the sending, and counts what comes back until the server is done too.</summary>
    public async Task<long> SendAllAsync(byte[] block, int times)
    {
        var reading = Task.Run(async () =>
        {
            long total = 0;
            var buffer = new byte[64 << 10];
            for (int n; (n = await Socket.ReceiveAsync(buffer)) > 0;)
                total += n;
            return total;
        });
        for (var i = 0; i < times; i++)
            await Socket.SendAsync(block);
        Socket.Shutdown(SocketShutdown.Send);
        return await reading.WaitAsync(_patience * 3);
    }

    /// <summary>Whether the other side ends the connection within the time that tests wait.</summary>
    public async Task AssertClosedAsync() => Assert.Null(await ReadLineAsync());

    private async Task<string?> ReadLineAsync()
    {
        var line = new StringBuilder();
        var one = new byte[1];
        try
        {
            while (await Socket.ReceiveAsync(one).WaitAsync(_patience) > 0)
            {
                if (one[0] == '\n')
                    return line.ToString();
                line.Append((char)one[0]);
            }
        }
        catch (SocketException)
        {
        }
        return null;
    }

    public void Dispose() => Socket.Dispose();
}
