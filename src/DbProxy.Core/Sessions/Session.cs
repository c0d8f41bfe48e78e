using System.Diagnostics;
using System.Diagnostics.CodeAnalysis;
using System.Net.Sockets;
using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Core.Configuration;
using DbProxy.Core.Handshake;
using DbProxy.Core.Listening;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Compression;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>One client, from its greeting to its last byte: handshake, then command after command.</summary>
internal sealed class Session
{
    private static readonly TimeSpan ShortestWaitTimeout = TimeSpan.FromSeconds(1);

    // COM_QUIT, and room for it in a record of TLS with the alert that ends one.
    private const int LongestFarewell = 192;
    private static readonly byte[] Farewell = [1, 0, 0, 0, (byte)CommandKind.Quit];

    private readonly ProxyContext _context;
    private readonly SocketChannel _socket;
    private readonly CommandDispatcher _commands;
    private volatile DrainStage _drain;
    private volatile bool _idle;
    private volatile bool _timedOut;
    private ServerConnection? _orphaned;
    private readonly long _startedAt = Stopwatch.GetTimestamp();
    private long _idleSince = Stopwatch.GetTimestamp();

    public Session(ProxyContext context, Socket socket, ListenRole role = ListenRole.Split)
    {
        _context = context;
        Role = role;
        Id = context.Sessions.NextId();
        _socket = new(socket);
        Peer = ClientPeer.Of(_socket.RemoteEndPoint);
        Channel = _socket;
        Input = new(_socket) { Exact = true };
        Leases = new(this);
        _commands = new(this, context);
    }

    /// <summary>Which servers it gets, by the listener that it came to.</summary>
    public ListenRole Role { get; }

    /// <summary>The connection id that the client was given.</summary>
    public uint Id { get; }

    /// <summary>Who the client is; a load balancer in front may say so after the connection began.</summary>
    public ClientPeer Peer { get; set; }

    public ByteChannel Channel { get; private set; }

    public SocketChannel Socket => _socket;

    public PacketInput Input { get; }

    public SessionState State { get; } = new();

    public LeaseHolder Leases { get; }

    public Capabilities Capabilities { get; private set; }

    public UserAccount Account { get; private set; } = null!;

    /// <summary>The account's pools; null before the login.</summary>
    public PoolSet? Pools { get; private set; }

    public ConnectionAttributes Attributes { get; private set; }

    /// <summary>What the client's logins were made with.</summary>
    public LoginNonces Nonces { get; set; }

    /// <summary>What connections that are opened for it tell the server: who the client is, and what it says of itself.</summary>
    public ConnectionAttributes ServerAttributes => ProxyAttributes.For(this, Attributes);

    /// <summary>How long the client has been there.</summary>
    public TimeSpan Age => Stopwatch.GetElapsedTime(_startedAt);

    /// <summary>How long the client has been silent; zero: it is served now.</summary>
    public TimeSpan IdleFor => _idle ? Stopwatch.GetElapsedTime(Volatile.Read(ref _idleSince)) : TimeSpan.Zero;

    [MemberNotNullWhen(true, nameof(Pools))]
    public bool IsAdmitted => Pools is not null;

    /// <summary>The server connection that works for the session now: what KILL must reach.</summary>
    public volatile ServerConnection? Working;

    /// <summary>Whether the answer to the client's command goes on behind the response that comes next.</summary>
    public bool MoreFollows { get; set; }

    /// <summary>Whether the last response to the client was an error.</summary>
    public bool HasFailed { get; set; }

    /// <summary>Number of the last packet that the client was sent.</summary>
    public byte LastSent { get; set; }

    /// <summary>Whether a stream without end is relayed: it ends when the proxy stops, or the client is gone.</summary>
    public volatile bool IsStreaming;

    /// <summary>Serves the client until it leaves; never throws.</summary>
    public async Task RunAsync()
    {
        _context.Sessions.Add(this);
        try
        {
            if (await TrustedPreface.TakeAsync(this, _context) && await ClientHandshake.LoginAsync(this, _context))
            {
                await ServeAsync();
            }
        }
        catch (Exception e)
        {
            Log.SessionFailed(_context.Logger, e, Id);
        }
        finally
        {
            _context.Sessions.Remove(this);
            await _commands.EndAsync();
            Leave();
            Input.Dispose();
            Channel.Dispose();
            _socket.Dispose();
        }
    }

    private async Task ServeAsync()
    {
        Input.Exact = false;
        while (true)
        {
            ValueTask<InputResult> read = Input.ReadAsync(0);
            if (!read.IsCompleted)
            {
                _idleSince = Stopwatch.GetTimestamp();
                _idle = true;
            }

            InputResult input = await read;
            _idle = false;
            if (_drain != DrainStage.None && input == InputResult.Packet && IsAtSeam)
            {
                return;
            }

            bool goesOn = input == InputResult.Packet ? await _commands.ExecuteAsync() : await RefuseAsync(input);
            if (!goesOn || (_drain == DrainStage.AfterStatements && Leases.Kept is null && !Input.HasMore))
            {
                return;
            }
        }
    }

    /// <summary>The client proved who it is: from now on it has an account's pools.</summary>
    public void Admit(UserAccount account, Capabilities negotiated, ConnectionAttributes attributes, SessionSettings settings)
    {
        Leave();
        Account = account;
        Capabilities = negotiated;
        Attributes = attributes;
        PoolVariant variant = VariantFor(negotiated, attributes);
        Pools = account.Enter(variant);
        // A server that was never reached has no list of collations.
        ServerModel server = (_context.Topology.Servers.FirstOrDefault(s => s.Model.Collations.Count > 0) ?? _context.Topology.Servers[0]).Model;
        State.Start(
            LoginModes.Of(settings, variant, server.Flavor), negotiated.HasFlag(Capabilities.MultiStatements),
            server.Flavor == ServerFlavor.MariaDb ? LexerModes.MariaDb : LexerModes.None,
            LoginCharset(server, settings.CollationId), LoginCharset(server, SessionSettings.ServerDefault));
        Input.MaxPacket = _context.Config.Current.Limits.MaxAllowedPacket;
    }

    /// <summary>Which connections the session may use: those of its own client's address where servers are told it.</summary>
    public PoolVariant VariantFor(Capabilities negotiated, ConnectionAttributes attributes) =>
        PoolVariant.Of(negotiated, attributes) with { Client = _context.TellsClientAddress ? Peer.EndPoint?.Address : null };

    private void Leave()
    {
        if (IsAdmitted)
        {
            Account.Leave(Pools.Variant);
        }
    }

    // Servers take an id that they don't know for none.
    private static LexerModes LoginCharset(ServerModel server, int collationId) =>
        server.Collations.TryGetValue(collationId, out CollationInfo collation)
        || server.Collations.TryGetValue(SessionSettings.ServerDefault, out collation)
            ? CharsetModes.Of(collation.Charset)
            : LexerModes.None;

    public void UpgradedTo(TlsChannel channel)
    {
        // Still read exactly: behind the login's last packet compression may begin.
        Channel = channel;
        Input.Channel = channel;
    }

    /// <summary>The login has ended: from the client's next byte on everything is compressed, if that was agreed on.</summary>
    public void Compress(int zstdLevel)
    {
        CompressionAlgorithm algorithm = CompressionChoice.Of(Capabilities);
        if (algorithm != CompressionAlgorithm.None)
        {
            int level = algorithm == CompressionAlgorithm.Zlib ? CompressionChoice.ZlibLevel : zstdLevel;
            Input.Channel = Channel = new CompressedChannel(Channel, algorithm, level, towardsServer: false);
        }
    }

    /// <summary>Sends an error packet as the answer to the current command; false when the client is gone.</summary>
    public ValueTask<bool> SendErrorAsync(MySqlError error, string message) => SendErrorAsync(new ErrPacket(error, message));

    /// <inheritdoc cref="SendErrorAsync(MySqlError, string)"/>
    public async ValueTask<bool> SendErrorAsync(ErrPacket error)
    {
        if (Input.HasRest && !await Input.SkipRestAsync())
        {
            // Clients listen when they have sent everything, and the answer is numbered behind it.
            return false;
        }

        HasFailed = true;
        _context.Counters.Error(error.Code, fromProxy: true);
        using var writer = new PacketWriter();
        error.Write(writer, (byte)(Input.Sequence + 1), Capabilities);
        return await Channel.SendAsync(writer.WrittenMemory);
    }

    /// <summary>Sends an OK packet of the proxy's own.</summary>
    public async ValueTask<bool> SendOkAsync()
    {
        using var writer = new PacketWriter();
        LastSent = (byte)(Input.Sequence + 1);
        OkPacket.Write(writer, LastSent, Capabilities, State.LastingStatus | (MoreFollows ? ServerStatus.MoreResultsExist : 0));
        return await Channel.SendAsync(writer.WrittenMemory);
    }

    /// <summary>Lets the client know nothing more; what runs for it goes on for now.</summary>
    public void EndClient() => _socket.Abort();

    /// <summary>Ends the session from outside: KILL, shutdown, a timeout.</summary>
    public void Abort()
    {
        Working?.Abort();
        _socket.Abort();
    }

    /// <summary>An operator ends the session: what runs for it is stopped, as by KILL CONNECTION.</summary>
    public async Task KillAsync()
    {
        EndClient();
        if (IsAdmitted && Working is { } working)
        {
            await QueryKiller.RunAsync(this, this, working);
        }

        Abort();
    }

    /// <summary>
    /// Asks the session to end at the next point where nothing is lost; it may be idle there already. Idle for shorter than
    /// <paramref name="quiet"/> may be a pause between two statements of one task, which waits for a later stage.
    /// </summary>
    public void Drain(DrainStage stage, TimeSpan quiet)
    {
        _drain = stage;
        bool isQuiet = _idle && (stage == DrainStage.AfterStatements || Stopwatch.GetElapsedTime(_idleSince) >= quiet);
        if (IsStreaming)
        {
            // The stream's end is told to the client.
            Working?.Abort();
        }
        else if (isQuiet && Leases.Kept is null)
        {
            // What the client may have sent just now is still answered.
            _socket.AbortReceiving();
        }
    }

    /// <summary>
    /// Whether the command is one by which pools try a connection or clean it before they hand it out: when it gets no
    /// answer they take another connection, and nobody notices.
    /// </summary>
    private bool IsAtSeam => Input.Payload is [var kind, ..] && (CommandKind)kind switch
    {
        CommandKind.ResetConnection or CommandKind.ChangeUser => true,
        CommandKind.Ping => Leases.Kept is null,
        _ => false,
    };

    /// <summary>
    /// A client that went away while its statement runs wants no answer: the server is told to stop. It would otherwise
    /// find out when it sends the result, which may be hours later, or never for a statement that waits.
    /// </summary>
    private void EndOrphan()
    {
        if (Working is not { } working || working == _orphaned || !HasClientLeft())
        {
            return;
        }

        _orphaned = working;
        if (IsStreaming)
        {
            Abort();
            return;
        }

        Interlocked.Increment(ref _context.Counters.ClientsVanished);
        Log.ClientVanished(_context.Logger, Id, working.Backend.State.Name);
        _ = Task.Run(() => QueryKiller.RunAsync(this, this, working));
    }

    /// <summary>A client may say so before it closes: in a few bytes that can't be read where they are encrypted or compressed.</summary>
    private bool HasClientLeft()
    {
        Span<byte> unread = stackalloc byte[LongestFarewell];
        return _socket.PeekAtGonePeer(unread) is { } count
            && (count == 0 || (Channel == _socket ? unread[..count].SequenceEqual(Farewell) : count < LongestFarewell));
    }

    /// <summary>Called by the sweep, more often while sessions wait for connections.</summary>
    public void ReclaimHeld(TimeSpan holdTimeout)
    {
        if (Leases.Reclaim(holdTimeout))
        {
            Interlocked.Increment(ref _context.Counters.HoldsReclaimed);
        }
    }

    /// <summary>Called by the sweep, about twice a second: it looks at each busy client's socket.</summary>
    public void Sweep(TimeSpan idleTimeout, TimeSpan loginTimeout)
    {
        EndOrphan();
        TimeSpan idle = Stopwatch.GetElapsedTime(_idleSince);
        if (!IsAdmitted && idle > loginTimeout)
        {
            Log.SessionTimedOut(_context.Logger, Id, "login");
            _socket.Abort();
        }
        else if (_idle && idle >= ShortestWaitTimeout && idle > IdleLimit.Of(this, _context, idleTimeout))
        {
            Log.SessionTimedOut(_context.Logger, Id, "idle");
            _timedOut = true;

            // The session's own read then ends, and it says why before it closes.
            _socket.AbortReceiving();
        }
    }

    /// <summary>Takes the whole of a large command into memory. Null: it is there; else whether the session goes on without it.</summary>
    public async ValueTask<bool?> ReadWholeAsync() =>
        await Input.ReadWholeAsync() is var input and not InputResult.Packet ? await RefuseAsync(input) : null;

    private async Task<bool> RefuseAsync(InputResult input)
    {
        if (_timedOut && input == InputResult.Closed && IdleLimit.Server(_context).ExplainsTimeouts)
        {
            await SayTimedOutAsync();
            return false;
        }

        if (input == InputResult.Closed && Channel.Violation is { } violation)
        {
            Interlocked.Increment(ref _context.Counters.ProtocolErrors);
            await SendErrorAsync(MySqlErrors.UncompressError, violation);
            return false;
        }

        // Closing on unread bytes would reset the connection, and the client would never read why.
        if (input == InputResult.Closed || (input == InputResult.TooLarge && !await Input.SkipRestAsync()))
        {
            return false;
        }

        Interlocked.Increment(ref _context.Counters.ProtocolErrors);
        await (input == InputResult.TooLarge
            ? SendErrorAsync(MySqlErrors.PacketTooLarge, "Got a packet bigger than 'max_allowed_packet' bytes (Limits.MaxAllowedPacket of the proxy)")
            : SendErrorAsync(MySqlErrors.PacketsOutOfOrder, "Got packets out of order"));
        return false;
    }

    /// <summary>The answer to no command: its sequence begins anew.</summary>
    private async ValueTask SayTimedOutAsync()
    {
        ErrPacket error = new(
            MySqlErrors.ClientInteractionTimeout,
            "The client was disconnected by the server because of inactivity. See wait_timeout and interactive_timeout for configuring this behavior.");
        _context.Counters.Error(error.Code, fromProxy: true);
        using var writer = new PacketWriter();
        error.Write(writer, 0, Capabilities);
        await Channel.SendAsync(writer.WrittenMemory);
    }
}
