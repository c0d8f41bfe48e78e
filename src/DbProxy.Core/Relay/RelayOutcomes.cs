using System.Collections.Frozen;
using DbProxy.Protocol;

namespace DbProxy.Core.Relay;

/// <summary>What follows an outcome.</summary>
/// <param name="Retry">Which statements may run again elsewhere.</param>
/// <param name="KeepsConnection">Whether the server connection can be used again.</param>
/// <param name="KeepsSession">Whether the client's session can go on (after an error packet).</param>
/// <param name="Error">What the client is told when there is no retry.</param>
/// <param name="Text">The message; <c>{0}</c> is the server's name.</param>
internal sealed record OutcomeRule(RetryRule Retry, bool KeepsConnection, bool KeepsSession, MySqlError Error, string Text);

/// <summary>Which statements may run again after an outcome.</summary>
internal enum RetryRule : byte { None, Reads, All }

/// <summary>The one table of what follows each outcome.</summary>
internal static class RelayOutcomes
{
    private static readonly FrozenDictionary<RelayOutcome, OutcomeRule> Rules = new Dictionary<RelayOutcome, OutcomeRule>
    {
        [RelayOutcome.Completed] = new(RetryRule.None, true, true, default, ""),
        [RelayOutcome.ServerLostBeforeCommand] = new(
            RetryRule.All, false, true, MySqlErrors.ServerLost, "Lost connection to server {0} before the statement was sent; it was not executed. Run it again."),
        [RelayOutcome.ServerLostBeforeResponse] = new(
            RetryRule.Reads, false, true, MySqlErrors.ServerLost, "Lost connection to server {0} during the statement. A write may or may not have been executed: check before you run it again."),
        [RelayOutcome.ServerLostMidway] = new(RetryRule.None, false, false, MySqlErrors.ServerLost, "Lost connection to server {0} in the middle of a result."),
        [RelayOutcome.ServerViolation] = new(RetryRule.None, false, false, MySqlErrors.MalformedPacket, "Server {0} sent a malformed packet; the connection was closed."),
        [RelayOutcome.ReadOnlyServer] = new(RetryRule.All, true, true, MySqlErrors.ReadOnlyMode, "Server {0} is read-only and there is no primary at present. Try again later."),
        // Run again where and when there is a primary: see StatementRunner.
        [RelayOutcome.WriteRefused] = new(RetryRule.None, true, true, MySqlErrors.ReadOnlyMode, "Server {0} is read-only and there is no primary at present. Try again later."),
        [RelayOutcome.WaitTimedOut] = new(RetryRule.All, true, true, MySqlErrors.UnknownError, "No server that has this session's last write is available. Try again, or set Routing.CausalReads to none."),
        // Nothing that writes was sent: see Preamble.MustConfirm.
        [RelayOutcome.SchemaUnknown] = new(RetryRule.All, false, true, MySqlErrors.UnknownDatabase, "Unknown database of a prepared statement on server {0}. Prepare it again in a schema that exists."),
        [RelayOutcome.SchemaMissing] = new(RetryRule.None, true, true, MySqlErrors.UnknownDatabase, "Unknown database on server {0}."),
        [RelayOutcome.SettingsRefused] = new(RetryRule.Reads, false, true, MySqlErrors.UnknownError, "Server {0} refused the session's settings; the statement was not executed there. Reconnect."),
        [RelayOutcome.StatementTooLarge] = new(RetryRule.None, false, true, MySqlErrors.PacketTooLarge, "Got a packet bigger than 'max_allowed_packet' bytes (Limits.MaxAllowedPacket of the proxy); the statement was not executed."),
        [RelayOutcome.ClientGone] = new(RetryRule.None, false, false, default, ""),
    }.ToFrozenDictionary();

    public static OutcomeRule Rule(this RelayOutcome outcome) => Rules[outcome];
}
