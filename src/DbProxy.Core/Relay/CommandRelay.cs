using System.Buffers;
using System.Runtime.CompilerServices;
using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Relay;

/// <summary>
/// Sends one command to a server and its response to the client: preamble and command out in one write, the preamble's
/// answers taken off, then block by block receive → scan → send. No block is held between commands.
/// </summary>
/// <param name="clientInput">Where a client's local file comes from.</param>
/// <param name="client">The client's channel.</param>
/// <param name="acknowledging">Called before the end of a response that changed the server's session is sent: what other
/// sessions must know of it, they must know before this client does.</param>
internal sealed class CommandRelay(PacketInput clientInput, Func<ByteChannel> client, Action<ResponseSummary>? acknowledging = null)
{
    // One block holds the answers of ordinary statements; a full one means that a result streams, and larger blocks
    // then save system calls (measured: 64 KiB against 16 KiB blocks halves the CPU per megabyte).
    private const int FirstBlock = 16 << 10;
    private const int StreamBlock = 64 << 10;

    // Room for the EOF packets that a client without DEPRECATE_EOF gets inserted.
    private const int Headroom = 64;

    private static readonly byte[] Ping = [1, 0, 0, 0, (byte)CommandKind.Ping];

    private byte[] _block = [];
    private int _start;
    private int _position;
    private int _end;

    /// <summary>Where the relay stands, for reports of sessions that seem stuck.</summary>
    public string Step { get; private set; } = "idle";

    /// <summary>Relays <paramref name="request"/>; the server's tracker then holds what the response said.</summary>
    /// <param name="server">The leased connection.</param>
    /// <param name="request">The command.</param>
    /// <param name="preamble">What goes in front of it; null: nothing.</param>
    /// <param name="translation">What the client must see differently.</param>
    public ValueTask<RelayOutcome> RelayAsync(
        ServerConnection server, RelayRequest request, Preamble? preamble, ResponseTranslation translation) =>
        request.Streams ? StreamedAsync(server, request, preamble, translation)
            : preamble is { IsEmpty: false }
            ? WithPreambleAsync(server, request, preamble, translation)
            : ForwardAsync(server, request, translation, isSent: false);

    private async ValueTask<RelayOutcome> WithPreambleAsync(
        ServerConnection server, RelayRequest request, Preamble preamble, ResponseTranslation translation)
    {
        bool confirmFirst = preamble.MustConfirm && !request.IsRead;
        try
        {
            Step = "sending to the server";
            if (!await SendAsync(server, preamble, request, confirmFirst))
            {
                return RelayOutcome.ServerLostBeforeCommand;
            }

            Step = "awaiting the preamble's answers";
            RelayOutcome? failed = await TakePreambleAsync(server, preamble);
            if (failed is { } outcome)
            {
                // A command that was not sent has no answer to drop.
                return !confirmFirst && outcome is (RelayOutcome.WaitTimedOut or RelayOutcome.SettingsRefused or RelayOutcome.SchemaUnknown)
                    ? await DropResponseAsync(server, request, outcome)
                    : outcome;
            }

            return await ForwardAsync(server, request, translation, isSent: !confirmFirst);
        }
        catch (MalformedPacketException)
        {
            return RelayOutcome.ServerViolation;
        }
        finally
        {
            Step = "idle";
            ReturnBlock();
        }
    }

    /// <summary>
    /// A command of which only the beginning is here. It goes out once the preamble is confirmed, because it cannot go
    /// out again, and then piece by piece as it arrives: the memory that it takes does not depend on its size.
    /// </summary>
    private async ValueTask<RelayOutcome> StreamedAsync(
        ServerConnection server, RelayRequest request, Preamble? preamble, ResponseTranslation translation)
    {
        try
        {
            Step = "sending to the server";
            if (preamble is { IsEmpty: false })
            {
                if (!await server.Channel.SendAsync(preamble.Bytes))
                {
                    return RelayOutcome.ServerLostBeforeCommand;
                }

                if (await TakePreambleAsync(server, preamble) is { } failed)
                {
                    return failed;
                }
            }

            if (!await server.Channel.SendAsync(request.Bytes))
            {
                return RelayOutcome.ServerLostBeforeCommand;
            }

            Step = "passing a large command on";
            return await PassRestAsync(server) ?? await ForwardAsync(server, request, translation, isSent: true);
        }
        catch (MalformedPacketException)
        {
            return RelayOutcome.ServerViolation;
        }
        finally
        {
            Step = "idle";
            ReturnBlock();
        }
    }

    /// <summary>Passes the rest of the client's command on; null: the server's answer comes next.</summary>
    private async ValueTask<RelayOutcome?> PassRestAsync(ServerConnection server)
    {
        while (clientInput.HasRest)
        {
            InputResult input = await clientInput.ReadRestAsync();
            if (input != InputResult.Packet)
            {
                return input == InputResult.TooLarge ? RelayOutcome.StatementTooLarge : RelayOutcome.ClientGone;
            }

            server.Counters.BytesSent += clientInput.Rest.Length;
            if (!await server.Channel.SendAsync(clientInput.Rest))
            {
                // A server that wants no more of it may have said why. The client listens when it has sent everything.
                return await clientInput.SkipRestAsync() ? null : RelayOutcome.ClientGone;
            }
        }

        return null;
    }

    // A statement waits for its server in as few methods as possible: each one suspended and resumed costs some 100 ns.
    [AsyncMethodBuilder(typeof(PoolingAsyncValueTaskMethodBuilder<>))]
    private async ValueTask<RelayOutcome> ForwardAsync(
        ServerConnection server, RelayRequest request, ResponseTranslation translation, bool isSent)
    {
        bool answered = false;
        try
        {
            Step = "sending to the server";
            if (!isSent && !await server.Channel.SendAsync(request.Bytes))
            {
                return RelayOutcome.ServerLostBeforeCommand;
            }

            server.Counters.BytesSent += request.Bytes.Length;
            server.Tracker.Begin(
                request.Shape, translation, keepFirstRow: request.Silent, statementId: request.StatementId,
                numberFrom: server.Channel.NumbersPackets ? null : (byte)(clientInput.Sequence + 1), shift: clientInput.Answered);
            ByteChannel to = client();
            while (true)
            {
                ScanResult result = server.Tracker.Scan(_block, ref _position, ref _end);
                if (result == ScanResult.Complete && !answered && HandedBack(request, server.Tracker.Summary.ErrorCode, _block.AsSpan(_start, _position - _start)) is { } outcome)
                {
                    return outcome;
                }

                if (_position > _start && !request.Silent && (!request.Discard || server.Tracker.Summary.ErrorCode != 0))
                {
                    if (!await to.SendAsync(Scanned(server, result)))
                    {
                        return RelayOutcome.ClientGone;
                    }

                    answered = true;
                }

                _start = _position;
                if (result == ScanResult.Complete)
                {
                    return RelayOutcome.Completed;
                }

                if (result == ScanResult.LocalInfile && !await RelayFileAsync(server))
                {
                    return RelayOutcome.ClientGone;
                }

                Compact();
                Step = "awaiting the server";
                if (result != ScanResult.Flush && !Received(server, await server.Channel.ReceiveAsync(Room())))
                {
                    return answered ? RelayOutcome.ServerLostMidway : RelayOutcome.ServerLostBeforeResponse;
                }
            }
        }
        catch (MalformedPacketException)
        {
            return RelayOutcome.ServerViolation;
        }
        finally
        {
            Step = "idle";
            ReturnBlock();
        }
    }

    /// <summary>What is ready for the client. Others learn what the end of the response says before the client does.</summary>
    private Memory<byte> Scanned(ServerConnection server, ScanResult result)
    {
        if (result == ScanResult.Complete && acknowledging is not null && !server.Tracker.Summary.SessionState.IsEmpty)
        {
            acknowledging(server.Tracker.Summary);
        }

        Step = "sending to the client";
        server.Counters.BytesReceived += _position - _start;
        return _block.AsMemory(_start, _position - _start);
    }

    private ValueTask<bool> RelayFileAsync(ServerConnection server)
    {
        Step = "relaying a local file";
        return FileRelay.RelayAsync(clientInput, server);
    }

    private void ReturnBlock()
    {
        if (_block.Length > 0)
        {
            ArrayPool<byte>.Shared.Return(_block);
            _block = [];
        }

        _start = _position = _end = 0;
    }

    /// <summary>Runs a query of the proxy's own; the tracker holds the first row. False: the connection is of no use any more.</summary>
    /// <param name="server">The leased connection.</param>
    /// <param name="query">The command.</param>
    /// <param name="tracker">Follows the answer instead of the connection's own, which still holds a client's.</param>
    public async ValueTask<bool> QueryAsync(ServerConnection server, ReadOnlyMemory<byte> query, ResponseTracker? tracker = null)
    {
        try
        {
            tracker ??= server.Tracker;
            tracker.Begin(ResponseShape.Results, server.OwnAnswers, keepFirstRow: true);
            return await server.Channel.SendAsync(query) && await DrainAsync(server, tracker);
        }
        catch (MalformedPacketException)
        {
            return false;
        }
        finally
        {
            ReturnBlock();
        }
    }

    /// <summary>
    /// Asks for the session state changes that an EOF packet could not tell: MySQL tells them with the next OK, whosever that is.
    /// COM_PING has one and leaves warnings and FOUND_ROWS() as they are. False: the connection is of no use any more.
    /// </summary>
    /// <param name="server">The leased connection; its tracker's summary gets what the server tells.</param>
    public async ValueTask<bool> AskForStateAsync(ServerConnection server)
    {
        var tracker = new ResponseTracker();
        if (!await QueryAsync(server, Ping, tracker))
        {
            return false;
        }

        server.Tracker.Summary.AddSessionState(tracker.Summary.SessionState);
        return true;
    }

    /// <summary>Preamble and command in one write where the command is small, else in two.</summary>
    private static async ValueTask<bool> SendAsync(ServerConnection server, Preamble preamble, RelayRequest request, bool confirmFirst)
    {
        if (confirmFirst)
        {
            return await server.Channel.SendAsync(preamble.Bytes);
        }

        if (request.Bytes.Length > FirstBlock)
        {
            return await server.Channel.SendAsync(preamble.Bytes) && await server.Channel.SendAsync(request.Bytes);
        }

        preamble.Writer.WriteBytes(request.Bytes.Span);
        return await server.Channel.SendAsync(preamble.Bytes);
    }

    /// <summary>Reads the answers to the preamble; null: all went well.</summary>
    private async ValueTask<RelayOutcome?> TakePreambleAsync(ServerConnection server, Preamble preamble)
    {
        RelayOutcome? failed = null;
        foreach (PreambleStep step in preamble.Steps)
        {
            server.Tracker.Begin(
                Preamble.Shape(step), server.OwnAnswers, keepFirstRow: step == PreambleStep.Wait);
            if (!await DrainAsync(server, server.Tracker))
            {
                return RelayOutcome.ServerLostBeforeResponse;
            }

            ResponseSummary summary = server.Tracker.Summary;
            if (step == PreambleStep.Wait)
            {
                // 0: applied. 1 (MySQL) or -1 (MariaDB): not in time. NULL or an error: waiting is impossible here.
                if (summary.ErrorCode != 0 || !summary.FirstRow.SequenceEqual("\u00010"u8))
                {
                    failed ??= RelayOutcome.WaitTimedOut;
                }
            }
            else if (summary.ErrorCode != 0 && step != PreambleStep.ClearDiagnostics)
            {
                failed = failed == RelayOutcome.SchemaUnknown || (step == PreambleStep.Schema && summary.ErrorCode == MySqlErrors.UnknownDatabase.Code)
                    ? RelayOutcome.SchemaUnknown
                    : RelayOutcome.SettingsRefused;
            }
        }

        return failed;
    }

    private async ValueTask<RelayOutcome> DropResponseAsync(ServerConnection server, RelayRequest request, RelayOutcome outcome)
    {
        server.Tracker.Begin(request.Shape, server.OwnAnswers);
        if (!await DrainAsync(server, server.Tracker))
        {
            return RelayOutcome.ServerLostBeforeResponse;
        }

        if (request.Shape == ResponseShape.Prepare && server.Tracker.Summary is { ErrorCode: 0 } prepared)
        {
            server.Statements.CloseUnused(prepared.StatementId);
        }

        return outcome;
    }

    private async ValueTask<bool> DrainAsync(ServerConnection server, ResponseTracker tracker)
    {
        while (tracker.Scan(_block, ref _position, ref _end) is not ScanResult.Complete)
        {
            _start = _position;
            Compact();
            if (!Received(server, await server.Channel.ReceiveAsync(Room())))
            {
                return false;
            }
        }

        _start = _position;
        return true;
    }

    /// <summary>Moves what is kept to the front of the block.</summary>
    private void Compact()
    {
        if (_start > 0)
        {
            _block.AsSpan(_start, _end - _start).CopyTo(_block);
            _end -= _start;
            _position -= _start;
            _start = 0;
        }
    }

    /// <summary>Where the next bytes go.</summary>
    private Memory<byte> Room()
    {
        if (_block.Length == 0)
        {
            _block = ArrayPool<byte>.Shared.Rent(FirstBlock);
        }
        else if (_block.Length - Headroom <= _end)
        {
            Grow(_block.Length * 2);
        }

        return _block.AsMemory(_end, _block.Length - Headroom - _end);
    }

    /// <summary>Takes note of bytes received; false: the server is gone.</summary>
    private bool Received(ServerConnection server, int count)
    {
        if (count == 0 && server.Channel.Violation is { } violation)
        {
            throw new MalformedPacketException(violation);
        }

        _end += count;
        if (_end == _block.Length - Headroom && _block.Length < StreamBlock)
        {
            Grow(StreamBlock);
        }

        return count > 0;
    }

    private void Grow(int size)
    {
        byte[] larger = ArrayPool<byte>.Shared.Rent(size);
        _block.AsSpan(0, _end).CopyTo(larger);
        ArrayPool<byte>.Shared.Return(_block);
        _block = larger;
    }

    /// <summary>The outcome that an error stands for; null: it is the client's.</summary>
    private static RelayOutcome? HandedBack(in RelayRequest request, ushort error, ReadOnlySpan<byte> answer) => error switch
    {
        // 1290: --read-only or --super-read-only; 1836: read-only mode (as MariaDB and forks say it).
        1290 or 1836 when request.HandsBackReadOnly => RelayOutcome.ReadOnlyServer,
        // 1290 is of other options, too; their names stand in its text in every language.
        1290 or 1836 when request.HandsBackWrite && (error == 1836 || answer.IndexOf("read-only"u8) >= 0) => RelayOutcome.WriteRefused,
        // It shuts down, and closes the connection behind this.
        1053 when request.HandsBackShutdown => RelayOutcome.ServerLostBeforeResponse,
        1046 when request.HandsBackNoSchema => RelayOutcome.SchemaMissing,
        _ => null,
    };
}
