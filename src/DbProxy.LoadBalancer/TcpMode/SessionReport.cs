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

    /// <summary>The waits for a server, all together; null: it came to none.</summary>
    public TimeSpan? QueueTime { get; private set; }

    /// <summary>How long the connection to the server took; null: none was reached.</summary>
    public TimeSpan? ConnectTime { get; set; }

    /// <summary>How often it was tried again.</summary>
    public int Retries { get; set; }

    public TimeSpan Total { get; private set; }

    public long BytesIn { get; private set; }

    public long BytesOut { get; private set; }

    public void Queued(int ahead, TimeSpan time) => (Ahead, QueueTime) = (Math.Max(Ahead, ahead), (QueueTime ?? TimeSpan.Zero) + time);

    public void Fill(TcpSession session, DuplexRelay? relay)
    {
        (Source, Total) = (session.Source, session.Age);
        (Backend, Server) = (session.Backend?.Name ?? "-", session.Server?.Name ?? "-");
        (BytesIn, BytesOut) = (relay?.FromClient ?? 0, relay?.FromServer ?? 0);
    }
}
