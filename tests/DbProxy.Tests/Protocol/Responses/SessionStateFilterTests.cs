using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using Xunit;

namespace DbProxy.Tests.Protocol.Responses;

public sealed class SessionStateFilterTests
{
    [Theory]
    [InlineData("", true, false, false, "Schema TransactionState")]
    [InlineData("*", false, true, true, "sql_mode time_zone StateChange Gtids TransactionState")]
    [InlineData(" SQL_mode , other", false, false, false, "sql_mode TransactionState")]
    [InlineData("time_zone,*", true, false, false, "sql_mode time_zone Schema TransactionState")]
    public void A_client_gets_what_it_asked_for(string variables, bool schema, bool stateChange, bool gtids, string expected)
    {
        using var state = new SessionStateWriter();
        state.AddVariable("sql_mode"u8, "ANSI"u8);
        state.AddVariable("time_zone"u8, "+00:00"u8);
        state.Add(SessionStateKind.Schema, "here"u8);
        using var entries = new PacketWriter();
        entries.WriteBytes(state.Encoded);
        entries.WriteBytes([2, 2, 1, (byte)'1', 3, 3, 0, 1, (byte)'g', 5, 9, 8, .. "T_______"u8]);
        using var kept = new PacketWriter();
        new SessionStateFilter(variables, schema, stateChange, gtids).Write(kept, entries.WrittenSpan);
        List<string> names = [];
        foreach (SessionStateChange change in new SessionStateChanges(kept.WrittenSpan))
        {
            names.Add(change.Kind == SessionStateKind.SystemVariable ? System.Text.Encoding.ASCII.GetString(change.Name) : change.Kind.ToString());
        }

        Assert.Equal(expected, string.Join(' ', names));
    }
}
