using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>An agent in the manner of HAProxy's, for several servers: it is sent a server's name and answers with a line.</summary>
internal sealed class Agent : IDisposable
{
    private readonly ConcurrentDictionary<string, string> _lines = [];
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);

    public Agent()
    {
        _listener.Start();
        _ = AcceptAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Has another line for a server from now on, and waits until it was taken in.</summary>
    public Task SayAsync(Server server, string line)
    {
        _lines[server.Name] = line;
        return Eventually.IsTrueAsync(() => server.LastAgentCheck?.Detail == $"agent: {line}", () => $"the agent is asked; at last: {server.LastAgentCheck}");
    }

    public void Dispose() => _listener.Dispose();

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
                _ = AnswerAsync(await _listener.AcceptTcpClientAsync());
        }
        catch (Exception e) when (e is SocketException or ObjectDisposedException)
        {
            // The end.
        }
    }

    private async Task AnswerAsync(TcpClient client)
    {
        using var _ = client;
        using var reader = new StreamReader(client.GetStream());
        await using var writer = new StreamWriter(client.GetStream());
        try
        {
            await writer.WriteLineAsync(_lines.GetValueOrDefault(await reader.ReadLineAsync() ?? "", "100%"));
        }
        catch (IOException)
        {
            // Whoever asked has left.
        }
    }
}
