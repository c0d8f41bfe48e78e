using System.Net;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>What the log says of a session, gathered while it ran.</summary>
internal sealed class SessionReport
{
    public SessionEnd End { get; set; }

    public IPAddress Source { get; private set; } = IPAddress.None;

    public string Backend { get; private set; } = "-";

    public string Server { get; private set; } = "-";

    /// <summary>The rule that decided; "-": none did.</summary>
    public string Rule { get; set; } = "-";

    public int Ahead { get; private set; }

    public TimeSpan QueuedAt { get; private set; }

    /// <summary>Null: no server was reached.</summary>
    public TimeSpan? ConnectedAt { get; private set; }

    public TimeSpan Total { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public void Queued(int ahead, TimeSpan at) => (Ahead, QueuedAt) = (ahead, at);

    public void Connected(TimeSpan at) => ConnectedAt = at;

    public void Fill(TcpSession session, DuplexRelay? relay)
    {
        (Source, Total) = (session.Source, session.Age);
        (Backend, Server) = (session.Backend?.Name ?? "-", session.Server?.Name ?? "-");
        (BytesIn, BytesOut) = (relay?.FromClient ?? 0, relay?.FromServer ?? 0);
    }
}
