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
        _ = AcceptLoop.RunAsync(_listener, AnswerAsync);
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    /// <summary>Has another line for a server from now on, and waits until it was taken in.</summary>
    public Task SayAsync(Server server, string line)
    {
        _lines[server.Name] = line;
        return Eventually.IsTrueAsync(() => server.LastAgentCheck?.Detail == $"agent: {line}", () => $"the agent is asked; at last: {server.LastAgentCheck}");
    }

    public void Dispose() => _listener.Dispose();

    private async Task AnswerAsync(Socket client)
    {
        await using var stream = new NetworkStream(client, ownsSocket: true);
        using var reader = new StreamReader(stream);
        await using var writer = new StreamWriter(stream);
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
