using System.Net;
using System.Net.Sockets;
using DbProxy.Transport;
using Xunit;

namespace DbProxy.Tests.LoadBalancer;

public sealed class SilentSocketTests
{
    [Fact]
    public async Task Silent_sockets_neither_accept_nor_refuse_and_cut_nobody()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "The filter is Linux's.");
        var cancel = TestContext.Current.CancellationToken;
        var sockets = new ListenSockets();
        using var listening = sockets.Listen(new IPEndPoint(IPAddress.Loopback, 0), this);
        var address = (IPEndPoint)listening.Socket.LocalEndPoint!;
        // The process's own, for operators, goes on.
        using var lent = sockets.Lend(new IPEndPoint(IPAddress.Loopback, 0));
        using var client = await ConnectAsync(address, cancel);
        using var waiting = await ConnectAsync(address, cancel);
        using var accepted = await listening.Socket.AcceptAsync(cancel);

        sockets.Silence();

        using var soon = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        await Assert.ThrowsAsync<OperationCanceledException>(() => ConnectAsync(address, soon.Token));
        // Who was in the queue already gets in.
        using var second = await listening.Socket.AcceptAsync(cancel);
        foreach (var (one, other) in ((Socket, Socket)[])[(client, accepted), (accepted, client), (waiting, second)])
        {
            await one.SendAsync(new byte[] { 42 }, cancel);
            var received = new byte[1];
            Assert.Equal(1, await other.ReceiveAsync(received, cancel));
            Assert.Equal(42, received[0]);
        }

        using var operators = await ConnectAsync((IPEndPoint)lent.LocalEndPoint!, cancel);
    }

    private static async Task<Socket> ConnectAsync(IPEndPoint address, CancellationToken cancel)
    {
        var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(address, cancel);
            return socket;
        }
        catch
        {
            socket.Dispose();
            throw;
        }
    }
}
