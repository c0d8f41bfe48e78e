using System.Buffers.Binary;
using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Handshake;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>Gives each command to what handles it. True: the session goes on.</summary>
internal sealed class CommandDispatcher
{
    private static readonly Statement UseSchema = new(StatementKind.Use, StatementAccess.Write, StatementTraits.None, RoutingHint.None);
    private static readonly Statement Unclassified = new(StatementKind.Unknown, StatementAccess.Write, StatementTraits.None, RoutingHint.None);

    private const int MaxRefusedChanges = 3;

    private readonly Session _session;
    private readonly ProxyContext _context;
    private readonly StatementRunner _runner;
    private readonly PreparedCommands _prepared;
    private readonly KillCommand _kill;
    private readonly ReplicaCommands _replica;
    private int _refusedChanges;

    public CommandDispatcher(Session session, ProxyContext context)
    {
        _session = session;
        _context = context;
        _runner = new(session, context);
        _kill = new(session, context, _runner);
        _prepared = new(session, _runner, _kill);
        _replica = new(session, context, _runner);
    }

    public ValueTask<bool> ExecuteAsync()
    {
        Span<byte> payload = _session.Input.Payload;
        if (payload.IsEmpty)
        {
            return _session.SendErrorAsync(MySqlErrors.UnknownCommand, "Unknown command");
        }

        return (CommandKind)payload[0] switch
        {
            CommandKind.Query => QueryAsync(),
            CommandKind.StmtExecute => _prepared.ExecuteAsync(),
            CommandKind.MariaDbBulkExecute => _prepared.BulkExecuteAsync(),
            CommandKind.StmtPrepare => _prepared.PrepareAsync(),
            CommandKind.StmtClose => _prepared.CloseAsync(),
            CommandKind.StmtReset => _prepared.ResetAsync(),
            CommandKind.StmtSendLongData => _prepared.SendLongDataAsync(),
            CommandKind.StmtFetch => _prepared.FetchAsync(),
            CommandKind.Ping => _session.SendOkAsync(),
            CommandKind.Quit => new(false),
            CommandKind.InitDb => InitDbAsync(),
            CommandKind.FieldList => _runner.RunAsync(new(Unclassified, ResponseShape.Rows)),
            CommandKind.Statistics => _runner.RunAsync(new(Unclassified, ResponseShape.Text)),
            CommandKind.SetOption => SetOptionAsync(),
            CommandKind.ResetConnection => ResetAsync(),
            CommandKind.ChangeUser => ChangeUserAsync(),
            CommandKind.ProcessKill => KillProcessAsync(),
            CommandKind.RegisterReplica => _replica.RegisterAsync(),
            CommandKind.BinlogDump or CommandKind.BinlogDumpGtid => _replica.DumpAsync(),

            // Old forms of statements. A server that has them no more says so itself.
            CommandKind.Debug or CommandKind.Refresh => _runner.RunAsync(new(Unclassified, ResponseShape.Single)),
            CommandKind.ProcessInfo => _runner.RunAsync(new(Unclassified, ResponseShape.Results)),
            CommandKind.Shutdown when _context.IsMariaDb => RefuseShutdownAsync(),
            _ => _session.SendErrorAsync(MySqlErrors.UnknownCommand, "Unknown command"),
        };
    }

    /// <summary>At the session's end: nothing of it stays on a server connection.</summary>
    public ValueTask EndAsync() => _runner.EndAsync();

    private ValueTask<bool> QueryAsync()
    {
        int textAt = 1;
        if (_session.Capabilities.HasFlag(Capabilities.QueryAttributes) && !TryFindText(_session.Input.Payload, out textAt))
        {
            return _session.SendErrorAsync(MySqlErrors.MalformedPacket, "Malformed communication packet");
        }

        Statement statement = Classify(_session.Input.Payload[textAt..]);
        return statement.HoldsKill && _session.State.MultiStatements
            ? new KillBatch(_session, QueryAsync).RunAsync(textAt)
            : QueryAsync(statement, textAt);
    }

    private ValueTask<bool> QueryAsync(Statement statement, int textAt)
    {
        var work = new Work(statement, ResponseShape.Results, TextAt: textAt, Command: OwnIds.Replace(_session, statement, textAt));
        return statement.Kind switch
        {
            StatementKind.Kill => _kill.RunAsync(work),
            StatementKind.Shutdown => RefuseShutdownAsync(),
            _ => _runner.RunAsync(work),
        };
    }

    /// <summary>
    /// Whoever may stop a server stops it, not the proxy's whole site by a habit from the time when there was one server:
    /// refused as to a user without the privilege.
    /// </summary>
    private ValueTask<bool> RefuseShutdownAsync() => _session.SendErrorAsync(
        MySqlErrors.SpecificAccessDenied, "Access denied; you need (at least one of) the SHUTDOWN privilege(s) for this operation");

    private static bool TryFindText(ReadOnlySpan<byte> payload, out int at)
    {
        try
        {
            at = QueryCommand.TextAt(payload);
            return true;
        }
        catch (MalformedPacketException)
        {
            at = 0;
            return false;
        }
    }

    /// <summary>A text beyond 16 MiB is not looked through: whatever its end holds, the primary may run it.</summary>
    public Statement Classify(ReadOnlySpan<byte> sql) =>
        _session.Input.HasRest ? Unclassified : StatementClassifier.Classify(sql, _session.State.Modes);

    private ValueTask<bool> InitDbAsync()
    {
        // Another name is in the client's character set; the server's tracker tells it in UTF-8.
        ReadOnlySpan<byte> name = _session.Input.Payload[1..];
        return _runner.RunAsync(
            new(UseSchema, ResponseShape.Single, Schema: System.Text.Ascii.IsValid(name) ? Encoding.ASCII.GetString(name) : null));
    }

    private ValueTask<bool> SetOptionAsync()
    {
        Span<byte> payload = _session.Input.Payload;
        ushort option = payload.Length >= 3 ? BinaryPrimitives.ReadUInt16LittleEndian(payload[1..]) : ushort.MaxValue;
        if (option > 1)
        {
            return _session.SendErrorAsync(MySqlErrors.UnknownCommand, "Unknown command");
        }

        _session.State.MultiStatements = option == 0;
        return SendEofAsync();
    }

    private async ValueTask<bool> SendEofAsync()
    {
        using var writer = new PacketWriter();
        byte sequence = (byte)(_session.Input.Sequence + 1);
        ServerStatus status = _session.State.LastingStatus;
        if (_session.Capabilities.HasFlag(Capabilities.DeprecateEof))
        {
            OkPacket.Write(writer, sequence, _session.Capabilities, status, endOfRows: true);
        }
        else
        {
            new EofPacket(0, status).Write(writer, sequence);
        }

        return await _session.Channel.SendAsync(writer.WrittenMemory);
    }

    private async ValueTask<bool> ResetAsync()
    {
        bool mySql = _context.Topology.Current.Primary?.Model.Flavor == ServerFlavor.MySql;
        if (_session.State.Pins.HasFlag(PinReasons.ExpiredPassword) && _session.Leases.Kept is { } own)
        {
            return await ResetOwnAsync(own, mySql);
        }

        if (!await _session.Leases.ReleaseAsync())
        {
            return await _session.SendErrorAsync(MySqlErrors.ServerLost, "Lost connection to the server during the reset; what the session held there is gone.");
        }

        _prepared.Clear();
        _session.State.ResetByClient(mySql);
        return await _session.SendOkAsync();
    }

    /// <summary>A session whose password had expired has one connection only, reset or not.</summary>
    private async ValueTask<bool> ResetOwnAsync(ServerConnection own, bool mySql)
    {
        bool sandboxed = own.Sandbox is not null;
        if (sandboxed)
        {
            // MariaDB refuses it there.
            if (!await _runner.RunAsync(new(Unclassified, ResponseShape.Single)))
            {
                return false;
            }
        }
        else if (!await ServerConnector.ResetAsync(own))
        {
            return false;
        }

        _prepared.Clear();
        _session.State.ResetByClient(mySql);
        _session.State.Pins = PinReasons.ExpiredPassword;
        if (!sandboxed)
        {
            return await _session.SendOkAsync();
        }

        // Nothing can be set there: what differs must not be tried.
        own.Settings = _session.State.Settings;
        return true;
    }

    private async ValueTask<bool> ChangeUserAsync()
    {
        ChangeUser command;
        try
        {
            command = ChangeUser.Parse(_session.Input.Payload, _session.Capabilities);
        }
        catch (MalformedPacketException e)
        {
            await _session.SendErrorAsync(MySqlErrors.MalformedPacket, e.Message);
            return false;
        }

        bool hasOwn = _session.State.Pins.HasFlag(PinReasons.ExpiredPassword);
        await _session.Leases.ReleaseAsync();
        _prepared.Clear();
        if (await ClientHandshake.ChangeUserAsync(_session, _context, command))
        {
            _refusedChanges = 0;
            return true;
        }

        // MariaDB lets the session go on as the user that it was, though not for ever; MySQL ends it.
        if (hasOwn || _context.Topology.Current.Primary?.Model.Flavor != ServerFlavor.MariaDb || ++_refusedChanges > MaxRefusedChanges)
        {
            return false;
        }

        _session.State.ResetByClient(mySql: false);
        return true;
    }

    /// <summary>MySQL has none of it since 9.0.</summary>
    private ValueTask<bool> KillProcessAsync()
    {
        if (_context.Topology.Current.Primary?.Model is { Flavor: ServerFlavor.MySql, Identity.VersionNumber.Major: >= 9 })
        {
            return _session.SendErrorAsync(MySqlErrors.UnknownCommand, "Unknown command");
        }

        Span<byte> payload = _session.Input.Payload;
        return payload.Length < 5
            ? _session.SendErrorAsync(MySqlErrors.MalformedPacket, "Malformed communication packet")
            : _kill.RunAsync(BinaryPrimitives.ReadUInt32LittleEndian(payload[1..]), new(Unclassified, ResponseShape.Single));
    }
}
