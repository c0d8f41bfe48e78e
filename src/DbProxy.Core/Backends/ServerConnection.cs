using System.Diagnostics;
using DbProxy.Core.Accounting;
using DbProxy.Core.Channels;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Backends;

/// <summary>
/// One logged-in connection to a server. It belongs to its pool while idle and to one session while leased; nothing in
/// it is shared, so nothing in it is locked.
/// </summary>
internal sealed class ServerConnection : IDisposable
{
    private int _closed;

    public ServerConnection(ConnectionPool pool, ByteChannel channel, Capabilities capabilities, uint threadId, SessionSettings settings)
    {
        Pool = pool;
        Channel = channel;
        Capabilities = capabilities;
        ThreadId = threadId;
        Settings = LoginSettings = settings;
        Statements = new(this);
        CreatedAt = LastUsedAt = Stopwatch.GetTimestamp();
    }

    public ConnectionPool Pool { get; }

    public ServerBackend Backend => Pool.Backend;

    public ByteChannel Channel { get; }

    public Capabilities Capabilities { get; }

    /// <summary>The server's own id of this connection: what KILL takes there.</summary>
    public uint ThreadId { get; }

    public ResponseTracker Tracker { get; } = new();

    public PreparedOnConnection Statements { get; }

    public ConnectionCounters Counters { get; } = new();

    /// <summary>Where the connection stands: what its last user left set.</summary>
    public SessionSettings Settings { get; set; }

    /// <summary>Where the connection stood after its login.</summary>
    public SessionSettings LoginSettings { get; }

    /// <summary>
    /// The account's password has expired: the server's answer (1820) to everything but a new password; null: it has not,
    /// or was changed since.
    /// </summary>
    public ErrPacket? Sandbox { get; set; }

    /// <summary>Whether the server takes several statements in one COM_QUERY on this connection now.</summary>
    public bool MultiStatements { get; set; }

    /// <summary>The session that used the connection last; 0: none.</summary>
    public long LastSession { get; set; }

    /// <summary>The session whose insert id the server's LAST_INSERT_ID() gives here; 0: none.</summary>
    public long InsertIdSession { get; set; }

    /// <summary>The insert id that an OK packet told where the connection's was another session's before; 0: what is there is right.</summary>
    public ulong UnprovenInsertId { get; set; }

    /// <summary>The insert id that an OK packet told last, for <see cref="InsertIdSession"/>; 0: none. It counts where the connection is lost.</summary>
    public ulong ReportedInsertId { get; set; }

    /// <summary>Whether a KILL for it is on its way: given back now, it would hit somebody else's statement.</summary>
    public volatile bool KillPending;

    /// <summary>When it was begun, before its login; <see cref="Stopwatch"/> ticks.</summary>
    public long CreatedAt { get; set; }

    /// <summary><see cref="Stopwatch"/> ticks.</summary>
    public long LastUsedAt { get; set; }

    /// <summary>Whether it was closed: by its user, by the pool, or because its server went away.</summary>
    public bool IsClosed => Volatile.Read(ref _closed) != 0;

    public bool DeprecatesEof => Capabilities.HasFlag(Capabilities.DeprecateEof);

    public bool TracksSession => Capabilities.HasFlag(Capabilities.SessionTrack);

    /// <summary>Whether a COM_QUERY has query attributes in front of its text.</summary>
    public bool HasQueryAttributes => Capabilities.HasFlag(Capabilities.QueryAttributes);

    /// <summary>How the answers to the proxy's own commands are read.</summary>
    public ResponseTranslation OwnAnswers => ResponseTranslation.None(
        DeprecatesEof, TracksSession, Capabilities.HasFlag(Capabilities.OptionalResultsetMetadata));

    /// <summary>Ends pending operations from any thread; the owner notices and disposes.</summary>
    public void Abort() => Channel.Abort();

    public void Dispose()
    {
        if (Interlocked.Exchange(ref _closed, 1) == 0)
        {
            Channel.Abort();
            Channel.Dispose();
            Backend.Forget(this);
        }
    }
}
