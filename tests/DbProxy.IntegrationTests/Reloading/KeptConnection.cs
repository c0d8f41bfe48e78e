using System.Net.Sockets;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using Xunit;

namespace DbProxy.IntegrationTests.Reloading;

/// <summary>A client that asks again and again on one connection, and takes another only when it is told to.</summary>
internal sealed class KeptConnection(int port) : IDisposable
{
    private TcpClient? _connection;

    public async Task AskAsync()
    {
        var stream = (_connection ??= new("127.0.0.1", port)).GetStream();
        await stream.SendAsync("GET /name HTTP/1.1\r\nHost: x\r\n\r\n");
        var answer = await stream.ReadUntilAsync("\r\n0\r\n\r\n");
        Assert.StartsWith("HTTP/1.1 200", answer);
        if (answer.Contains("Connection: close", StringComparison.Ordinal))
            Dispose();
        // Whoever ends idle connections most likely meets it here.
        await Task.Delay(10);
    }

    public void Dispose()
    {
        _connection?.Dispose();
        _connection = null;
    }
}
