using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>The servers fit to be chosen now, in an array that the thread keeps: a choice allocates nothing.</summary>
internal ref struct Candidates
{
    [ThreadStatic]
    private static Server[]? _scratch;

    private readonly Server[] _servers;

    private Candidates(Server[] servers) => _servers = servers;

    public int Count { get; private set; }

    public readonly ReadOnlySpan<Server> Span => _servers.AsSpan(0, Count);

    public static Candidates Rent(int most) =>
        new(_scratch is { } scratch && scratch.Length >= most ? scratch : _scratch = new Server[most + 8]);

    public void Add(Server server) => _servers[Count++] = server;

    public void Remove(Server server)
    {
        var index = Span.IndexOf(server);
        if (index < 0)
            return;
        _servers.AsSpan(index + 1, Count - index - 1).CopyTo(_servers.AsSpan(index));
        Count--;
    }

    public readonly int IndexOf(string name)
    {
        for (var i = 0; i < Count; i++)
            if (_servers[i].Name == name)
                return i;
        return -1;
    }
}
