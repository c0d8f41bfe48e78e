using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Gtids;
using DbProxy.Core.Monitoring;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>Applies what a finished statement changed to the session's state.</summary>
internal static class StateChanges
{
    private const StatementTraits Releasing = StatementTraits.UnlocksTables;

    /// <summary>Notes status, settings, position and pins. Returns the pins that are new.</summary>
    public static PinReasons Apply(SessionState state, in Statement statement, ServerConnection connection, Topology topology)
    {
        ResponseSummary summary = connection.Tracker.Summary;
        PinReasons before = state.Pins;
        bool wasInTransaction = state.Status.HasFlag(ServerStatus.InTransaction);
        if (summary.HasStatus)
        {
            state.ApplyStatus(summary.Status);
            state.Pins |= summary.Status.HasFlag(ServerStatus.CursorExists) ? PinReasons.Cursor : PinReasons.None;
        }

        bool explained = ApplyTracked(state, statement, summary, topology);
        if (summary.ErrorCode == 0 || statement.Traits.HasFlag(StatementTraits.MultiStatement))
        {
            ApplyTraits(state, statement.Traits);
            if (statement.HasAny(StatementTraits.SetsUnscoped) && connection.Backend.State.Model.Flavor == ServerFlavor.MariaDb)
            {
                state.Pins |= PinReasons.SessionVariable;
            }
        }

        if (!explained && state.Pins == PinReasons.None && !statement.Traits.HasFlag(StatementTraits.UnlocksTables))
        {
            state.Pins = PinReasons.StateChange;
        }

        if (summary.ErrorCode != 0 && LeavesDoubt(state, statement))
        {
            state.Uncertain = true;
        }

        if (!state.InTransaction && !statement.Traits.HasFlag(StatementTraits.NextTransaction)
            && (wasInTransaction || IsTransaction(statement, summary)))
        {
            state.Pins &= ~PinReasons.NextTransaction;
        }

        connection.Settings = state.Settings;
        return state.Pins & ~before;
    }

    /// <summary>Whether a statement certainly was a transaction of its own: one that uses no table doesn't count as the next one.</summary>
    private static bool IsTransaction(in Statement statement, ResponseSummary summary) =>
        statement.HasAny(StatementTraits.EndsTransaction)
        || (summary.AffectedRows > 0 && statement.Kind is StatementKind.Insert or StatementKind.Update or StatementKind.Delete or StatementKind.Replace);

    /// <summary>The position of what a response says was written, by all statements of a batch; null: nothing.</summary>
    public static GtidToken? Written(ResponseSummary summary)
    {
        GtidToken? written = null;
        foreach (SessionStateChange change in new SessionStateChanges(summary.SessionState))
        {
            if (change.Kind == SessionStateKind.Gtids || (change.Kind == SessionStateKind.SystemVariable && change.Name.SequenceEqual("last_gtid"u8)))
            {
                GtidToken? one = GtidToken.Parse(change.Value);
                written = one is null ? written : written?.Merge(one, olderAppliedEverywhere: false) ?? one;
            }
        }

        return written;
    }

    /// <summary>
    /// An ERR packet has no status: these may have begun a transaction before they failed. What can only read began none;
    /// doubt would hold the session on its replica, and its next write would fail there.
    /// </summary>
    private static bool LeavesDoubt(SessionState state, in Statement statement) =>
        !state.Autocommit || (statement.Access != StatementAccess.Read && statement.Kind is StatementKind.Call or StatementKind.Batch
            or StatementKind.Xa or StatementKind.Unknown or StatementKind.Execute or StatementKind.Begin or StatementKind.StartTransaction);

    /// <summary>False when the server reports a change of state that nothing explains.</summary>
    private static bool ApplyTracked(SessionState state, in Statement statement, ResponseSummary summary, Topology topology)
    {
        ReadOnlySpan<byte> entries = summary.SessionState;
        if (entries.IsEmpty)
        {
            return !summary.HidesSessionState;
        }

        bool changed = false, explained = false;
        foreach (SessionStateChange change in new SessionStateChanges(entries))
        {
            switch (change.Kind)
            {
                case SessionStateKind.Schema:
                    state.SetSchema(Encoding.UTF8.GetString(change.Value));
                    explained = true;
                    break;
                case SessionStateKind.SystemVariable when statement.Kind == StatementKind.SetStatement && !change.Name.SequenceEqual("last_gtid"u8):
                    // MariaDB reports what SET STATEMENT … FOR sets, and not that it is as before once the statement ends.
                    explained = true;
                    break;
                case SessionStateKind.SystemVariable:
                    explained |= ApplyVariable(state, statement, change, topology);
                    break;
                case SessionStateKind.Gtids:
                    NoteWrite(state, change.Value, topology);
                    break;
                case SessionStateKind.StateChange:
                    changed = true;
                    break;
            }
        }

        // A change of what is reported may go unreported itself; what else such a statement sets, TrackerRelay takes care of.
        return !changed || explained || statement.NamesTrackers;
    }

    private static bool ApplyVariable(SessionState state, in Statement statement, SessionStateChange change, Topology topology)
    {
        if (change.Name.SequenceEqual("last_gtid"u8))
        {
            NoteWrite(state, change.Value, topology);
            return false;
        }

        if (statement.NamesTrackers && CarriedVariables.IsTracker(change.Name))
        {
            // The client's own; see TrackerRelay.
            return true;
        }

        if (statement.HasAny(StatementTraits.SetsForStatement))
        {
            // The variable is back at its old value by now. In a batch it may be another statement's: then it stays here.
            state.Pins |= statement.Kind == StatementKind.SetStatement ? PinReasons.None : PinReasons.SessionVariable;
            return true;
        }

        if (state.Modes.HasFlag(LexerModes.MariaDb) && statement.Kind is not (StatementKind.Set or StatementKind.Batch))
        {
            // Perhaps of a SET STATEMENT within a stored program, and then as before by now: nobody tells.
            state.Pins |= PinReasons.SessionVariable;
            return true;
        }

        string name = Encoding.ASCII.GetString(change.Name);
        if (CarriedVariables.Carries(name))
        {
            state.SetVariable(name, Encoding.UTF8.GetString(change.Value));
        }
        else if (!CarriedVariables.Ignores(name))
        {
            state.Pins |= PinReasons.SessionVariable;
        }

        return true;
    }

    private static void NoteWrite(SessionState state, ReadOnlySpan<byte> gtids, Topology topology)
    {
        if (GtidToken.Parse(gtids) is { } written)
        {
            // What every replica has needs no more waiting for: a session's position stays small however long it lives.
            state.LastWrite = state.LastWrite is not { } older ? written : older.Merge(written, topology.HasAppliedEverywhere(older));
        }
    }

    private static void ApplyTraits(SessionState state, StatementTraits traits)
    {
        if (traits == StatementTraits.None)
        {
            return;
        }

        if ((traits & Releasing) != 0)
        {
            state.Pins &= ~(PinReasons.TableLock | PinReasons.GlobalReadLock);
        }

        state.Pins |=
            Pin(traits, StatementTraits.AssignsUserVariables, PinReasons.UserVariable)
            | Pin(traits, StatementTraits.TemporaryTable, PinReasons.TemporaryTable)
            | Pin(traits, StatementTraits.NamedLock, PinReasons.NamedLock)
            | Pin(traits, StatementTraits.LocksTables, PinReasons.TableLock)
            | Pin(traits, StatementTraits.GlobalReadLock, PinReasons.GlobalReadLock)
            | Pin(traits, StatementTraits.NextTransaction, PinReasons.NextTransaction)
            | Pin(traits, StatementTraits.SqlPrepared, PinReasons.SqlPrepared)
            | Pin(traits, StatementTraits.Handler, PinReasons.Handler)
            | Pin(traits, StatementTraits.XaTransaction, PinReasons.Xa)
            | Pin(traits, StatementTraits.SetsUntracked, PinReasons.Account);
    }

    private static PinReasons Pin(StatementTraits traits, StatementTraits trait, PinReasons reason) =>
        traits.HasFlag(trait) ? reason : PinReasons.None;
}
