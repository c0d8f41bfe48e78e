using System.Net;
using System.Net.Sockets;
using DbProxy.SampleApp.Http;
using Xunit;

namespace DbProxy.IntegrationTests.Site;

/// <summary>How the sample application's sockets come to their end.</summary>
public sealed class ListenersTests
{
    [Fact]
    public async Task Attempts_to_connect_are_left_without_an_answer_and_what_has_connected_is_accepted()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "There are filters of sockets on Linux only.");
        var listeners = new Listeners();
        using var listening = listeners.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        listening.Listen();
        using var early = new TcpClient(AddressFamily.InterNetwork);
        await early.ConnectAsync((IPEndPoint)listening.LocalEndPoint!, TestContext.Current.CancellationToken);
        listeners.IgnoreAttempts();
        using var late = new TcpClient(AddressFamily.InterNetwork);
        var attempt = late.ConnectAsync((IPEndPoint)listening.LocalEndPoint!, TestContext.Current.CancellationToken).AsTask();

        using var accepted = await listening.AcceptAsync(TestContext.Current.CancellationToken);
        Assert.Equal(early.Client.LocalEndPoint, accepted.RemoteEndPoint);
        await early.GetStream().WriteAsync("order"u8.ToArray(), TestContext.Current.CancellationToken);
        var bytes = new byte[5];
        await accepted.ReceiveAsync(bytes, TestContext.Current.CancellationToken);
        Assert.Equal("order"u8, bytes);
        Assert.False(attempt.IsCompleted);

        // The end of the socket is told to whoever asks again.
        listening.Dispose();
        await Assert.ThrowsAnyAsync<SocketException>(() => attempt);
    }
}
