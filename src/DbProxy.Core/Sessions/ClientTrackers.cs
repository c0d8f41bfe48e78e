using System.Text;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Sessions;

/// <summary>
/// A client's own values of the variables session_track_…, as the server says them. On its connections stand the proxy's,
/// which ask for more; the client gets what these ask for. A statement that reads or sets them runs with them in place.
/// </summary>
/// <param name="Variables">session_track_system_variables; null: NULL.</param>
/// <param name="Schema">session_track_schema.</param>
/// <param name="StateChange">session_track_state_change.</param>
/// <param name="TransactionInfo">session_track_transaction_info.</param>
/// <param name="Gtids">session_track_gtids; OFF for MariaDB, which has none.</param>
internal sealed record ClientTrackers(string? Variables, bool Schema, bool StateChange, string TransactionInfo, string Gtids)
{
    private const string Off = "OFF";

    /// <summary>For the answer to a statement that ran with the client's own values in place: it is as the client wants it.</summary>
    public static readonly SessionStateFilter Everything = new("*", schema: true, stateChange: true, gtids: true);

    /// <summary>What the client gets of what the proxy's connections report.</summary>
    public SessionStateFilter Filter { get; } = new(Variables ?? "", Schema, StateChange, Gtids != Off);

    /// <summary>The query of <see cref="Parse"/>.</summary>
    public static string Query(ServerFlavor flavor) =>
        "SELECT @@session_track_system_variables, @@session_track_schema, @@session_track_state_change, @@session_track_transaction_info, "
        + (flavor == ServerFlavor.MySql ? "@@session_track_gtids" : "'OFF'") + ", DATABASE()";

    /// <summary>Reads a row of <see cref="Query"/>, whose last value is the schema.</summary>
    /// <param name="row">The row.</param>
    /// <param name="gtids">The client's value where the connection's own is not the client's; null: it is.</param>
    /// <param name="schema">The schema.</param>
    public static ClientTrackers Parse(ReadOnlySpan<byte> row, string? gtids, out string schema)
    {
        var reader = new PacketReader(row);
        string? variables = Next(ref reader);
        var trackers = new ClientTrackers(
            variables, Next(ref reader) == "1", Next(ref reader) == "1", Next(ref reader) ?? Off, Next(ref reader) is { } own ? gtids ?? own : Off);
        schema = Next(ref reader) ?? "";
        return trackers;
    }

    /// <summary>
    /// The statement that puts a client's values in place; null stands for the server's defaults. MySQL lets nobody set
    /// session_track_gtids within a transaction (1766): there it stays the proxy's.
    /// </summary>
    public static string Adopt(ClientTrackers? trackers, ServerFlavor flavor, bool inTransaction)
    {
        if (trackers is null)
        {
            return Set(flavor, inTransaction, "@@global.session_track_system_variables", "@@global.session_track_schema",
                "@@global.session_track_state_change", "@@global.session_track_transaction_info", "@@global.session_track_gtids");
        }

        return Set(flavor, inTransaction, trackers.Variables is null ? "NULL" : Quote(trackers.Variables), trackers.Schema ? "1" : "0",
            trackers.StateChange ? "1" : "0", Quote(trackers.TransactionInfo), Quote(trackers.Gtids));
    }

    /// <summary>The statement that puts the proxy's values in place, for a session with these settings.</summary>
    public static string Restore(SessionSettings settings, ServerFlavor flavor, bool inTransaction)
    {
        string ValueOf(string name) => settings.Variables.TryGetValue(name, out string? value) ? value : CarriedVariables.OwnTrackers[name];
        return Set(flavor, inTransaction, flavor == ServerFlavor.MySql ? Quote(ValueOf(CarriedVariables.TrackedVariables)) : "'*'", "1", "1",
            settings.Variables.TryGetValue(CarriedVariables.TrackedTransaction, out string? info) ? Quote(info) : "@@global." + CarriedVariables.TrackedTransaction,
            Quote(ValueOf(CarriedVariables.TrackedGtids)));
    }

    /// <summary>Notes in the session's settings what its connections must report beyond what the proxy asks for anyway.</summary>
    public void ApplyTo(SessionState state, ServerFlavor flavor)
    {
        Carry(state, CarriedVariables.TrackedTransaction, TransactionInfo, isNeeded: TransactionInfo != Off);
        if (flavor == ServerFlavor.MySql)
        {
            Carry(state, CarriedVariables.TrackedGtids, Gtids, isNeeded: Gtids is not (Off or "OWN_GTID"));
            Carry(state, CarriedVariables.TrackedVariables, "*", isNeeded: !CarriedVariables.Tracks(Variables ?? ""));
        }

        state.Trackers = this;
    }

    private static void Carry(SessionState state, string name, string value, bool isNeeded)
    {
        if (isNeeded)
        {
            state.SetVariable(name, value);
        }
        else
        {
            state.ForgetVariable(name);
        }
    }

    private static string Set(ServerFlavor flavor, bool inTransaction, string variables, string schema, string stateChange, string transaction, string gtids) =>
        $"SET SESSION session_track_system_variables={variables}, session_track_schema={schema}, session_track_state_change={stateChange}, "
        + $"session_track_transaction_info={transaction}" + (flavor == ServerFlavor.MySql && !inTransaction ? $", session_track_gtids={gtids}" : "");

    private static string Quote(string value) => $"'{value.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string? Next(ref PacketReader reader) =>
        reader.TryReadLengthEncodedBytes(out ReadOnlySpan<byte> value) ? Encoding.UTF8.GetString(value) : null;
}
