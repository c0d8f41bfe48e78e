using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>Takes a client's session_track_… values off a connection behind a statement, and puts the proxy's back.</summary>
internal sealed class TrackerRelay(Session session, CommandRelay relay)
{
    private readonly ResponseTracker _tracker = new();

    /// <summary>False: the connection is of no use any more.</summary>
    public async ValueTask<bool> RestoreAsync(ServerConnection connection, Work work)
    {
        ServerFlavor flavor = connection.Backend.State.Model.Flavor;
        if (!await QueryAsync(connection, ClientTrackers.Query(flavor)))
        {
            return false;
        }

        ClientTrackers trackers = ClientTrackers.Parse(
            _tracker.Summary.FirstRow, session.State.InTransaction ? session.State.Trackers?.Gtids ?? "OFF" : null, out string schema);
        trackers.ApplyTo(session.State, flavor);
        if (work.Statement.Kind is not (StatementKind.Select or StatementKind.Show))
        {
            NoteUntold(work, schema);
        }

        return await QueryAsync(connection, ClientTrackers.Restore(session.State.Settings, flavor, session.State.InTransaction));
    }

    /// <summary>What else the statement set, the server may not have told, because the client does not want to know.</summary>
    private void NoteUntold(in Work work, string schema)
    {
        if (work.Statement.Kind == StatementKind.Set && !HasSeveralParts(work.SqlIn(session.Input.Payload)))
        {
            return;
        }

        session.State.Pins |= PinReasons.SessionVariable;
        if (work.Statement.Kind != StatementKind.Set)
        {
            session.State.SetSchema(schema);
        }
    }

    private static bool HasSeveralParts(ReadOnlySpan<byte> sql)
    {
        byte quote = 0;
        foreach (byte b in sql)
        {
            if (quote != 0)
            {
                quote = b == quote ? (byte)0 : quote;
            }
            else if (b is (byte)'\'' or (byte)'"' or (byte)'`')
            {
                quote = b;
            }
            else if (b == (byte)',')
            {
                return true;
            }
        }

        return false;
    }

    private async ValueTask<bool> QueryAsync(ServerConnection connection, string sql)
    {
        using var command = new PacketWriter();
        SettingsWriter.WriteQuery(command, sql, connection.HasQueryAttributes);
        return await relay.QueryAsync(connection, command.WrittenMemory, _tracker) && _tracker.Summary.ErrorCode == 0;
    }
}
