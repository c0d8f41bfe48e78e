using DbProxy.Core.Monitoring;
using System.Text;
using DbProxy.Core.Backends;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Sql;
using DbProxy.Tests.Channels;
using Xunit;

namespace DbProxy.Tests.Sessions;

/// <summary>What an answer changes of the session: settings that can be carried on, or a pin with its reason.</summary>
public sealed class StateChangesTests
{
    private readonly SessionState _state = new();
    private readonly ServerConnection _connection = SessionFakes.Connection(new ScriptedChannel([]));

    [Theory]
    [InlineData("SET @a = 1", PinReasons.UserVariable)]
    [InlineData("CREATE TEMPORARY TABLE t (i INT)", PinReasons.TemporaryTable)]
    [InlineData("SELECT GET_LOCK('a', 1)", PinReasons.NamedLock)]
    [InlineData("LOCK TABLES t WRITE", PinReasons.TableLock)]
    [InlineData("FLUSH TABLES WITH READ LOCK", PinReasons.GlobalReadLock)]
    [InlineData("SET TRANSACTION READ ONLY", PinReasons.NextTransaction)]
    [InlineData("PREPARE s FROM 'SELECT 1'", PinReasons.SqlPrepared)]
    [InlineData("HANDLER t OPEN", PinReasons.Handler)]
    [InlineData("XA START 'x'", PinReasons.Xa)]
    [InlineData("SET ROLE r", PinReasons.Account)]
    [InlineData("SELECT 1", PinReasons.None)]
    [InlineData("INSERT INTO t VALUES (1)", PinReasons.None)]
    internal void A_statement_pins_for_its_reason(string sql, PinReasons reason)
    {
        Assert.Equal(reason, Apply(sql));
        Assert.Equal(reason, _state.Pins);
        Assert.Equal(PinReasons.None, Apply(sql));
    }

    [Fact]
    public void A_failed_statement_pins_nothing()
    {
        SessionFakes.Refuse(_connection, 1146);
        Assert.Equal(PinReasons.None, StateChanges.Apply(_state, Classify("CREATE TEMPORARY TABLE t (i INT)"), _connection, new Topology([])));
    }

    [Fact]
    public void A_failed_batch_pins_for_what_may_have_run_before_the_error()
    {
        SessionFakes.Refuse(_connection, 1146);
        StateChanges.Apply(_state, Classify("SET @a = 1; SELECT * FROM nowhere"), _connection, new Topology([]));
        Assert.Equal(PinReasons.UserVariable, _state.Pins);
        Assert.True(_state.InTransaction);
    }

    [Fact]
    public void A_new_login_does_not_stay_in_the_schema_of_the_one_before()
    {
        _state.Start(SessionSettings.Create("a", 45), false, LexerModes.None);
        _state.SetSchema("b");
        _state.Start(SessionSettings.Create("", 45), false, LexerModes.None);
        Assert.Equal("", _state.Settings.Schema);
    }

    [Theory]
    [InlineData(true, SessionSettings.ServerDefault)]
    [InlineData(false, 45)]
    public void A_clients_reset_keeps_the_schema_and_treats_the_character_set_as_the_server_does(bool mySql, int collation)
    {
        _state.Start(SessionSettings.Create("a", 45), false, LexerModes.None);
        _state.SetSchema("b");
        _state.SetVariable("time_zone", "+02:00");
        _state.ResetByClient(mySql);
        Assert.Equal(SessionSettings.Create("b", collation), _state.Settings);
    }

    [Fact]
    public void Flags_of_the_last_statement_are_not_the_sessions()
    {
        // An EOF inserted into the next answer once said that a cursor exists.
        _state.ApplyStatus(ServerStatus.AutoCommit | ServerStatus.CursorExists | ServerStatus.LastRowSent | ServerStatus.NoIndexUsed);
        Assert.Equal(ServerStatus.AutoCommit, _state.LastingStatus);
    }

    [Fact]
    public void Unlocking_ends_the_lock_pins_only()
    {
        Apply("LOCK TABLES t WRITE");
        Apply("SET @a = 1");
        Apply("UNLOCK TABLES");
        Assert.Equal(PinReasons.UserVariable, _state.Pins);
    }

    [Fact]
    public void The_next_transactions_settings_pin_until_it_is_over()
    {
        Apply("SET TRANSACTION READ ONLY");
        Apply("START TRANSACTION", ServerStatus.AutoCommit | ServerStatus.InTransaction);
        Assert.Equal(PinReasons.NextTransaction, _state.Pins);
        Apply("COMMIT");
        Assert.Equal(PinReasons.None, _state.Pins);
        Assert.False(_state.KeepsLease);
    }

    [Fact]
    public void A_variable_that_can_be_carried_is_noted_instead_of_pinned()
    {
        Apply("SET sql_mode = 'ANSI_QUOTES'", state: w => w.AddVariable("sql_mode"u8, "ANSI_QUOTES"u8));
        Assert.Equal(PinReasons.None, _state.Pins);
        Assert.Equal("ANSI_QUOTES", _state.Settings.Variables["sql_mode"]);
        Assert.Equal(LexerModes.AnsiQuotes, _state.Modes);
        Assert.Same(_state.Settings, _connection.Settings);
    }

    [Fact]
    public void A_variable_that_cannot_be_carried_pins()
    {
        Apply("SET sql_log_bin = 0", state: w => w.AddVariable("sql_log_bin"u8, "OFF"u8));
        Assert.Equal(PinReasons.SessionVariable, _state.Pins);
    }

    [Fact]
    public void A_change_of_state_that_nothing_explains_pins()
    {
        Assert.Equal(PinReasons.StateChange, Apply("CALL p()", state: w => w.Add(SessionStateKind.StateChange, "1"u8)));
    }

    [Fact]
    public void A_change_of_state_that_comes_with_its_schema_or_variable_is_explained()
    {
        Apply("USE s", state: w => { w.Add(SessionStateKind.Schema, "s"u8); w.Add(SessionStateKind.StateChange, "1"u8); });
        Apply("SET autocommit=0", ServerStatus.None, w => { w.AddVariable("autocommit"u8, "OFF"u8); w.Add(SessionStateKind.StateChange, "1"u8); });
        Assert.Equal(PinReasons.None, _state.Pins);
        Assert.Equal("s", _state.Settings.Schema);
        Assert.False(_state.Autocommit);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void The_position_of_a_write_is_remembered(bool mariaDb)
    {
        string gtid = mariaDb ? "0-1-17" : "00000000-0000-0000-0000-000000000001:17";
        Apply("INSERT INTO t VALUES (1)", state: w =>
        {
            if (mariaDb)
            {
                w.AddVariable("last_gtid"u8, Encoding.ASCII.GetBytes(gtid));
            }
            else
            {
                w.Add(SessionStateKind.Gtids, Encoding.ASCII.GetBytes(gtid));
            }
        });
        Assert.Equal(gtid, _state.LastWrite?.ToString());
        Assert.Equal(PinReasons.None, _state.Pins);
    }

    [Theory]
    [InlineData("CALL p()", true)]
    [InlineData("START TRANSACTION", true)]
    [InlineData("SELECT 1; INSERT INTO t VALUES (1)", true)]
    [InlineData("SELECT 1; SELECT 2", false)]
    [InlineData("SELECT * FROM nowhere", false)]
    [InlineData("INSERT INTO nowhere VALUES (1)", false)]
    public void An_error_without_status_leaves_doubt_where_a_transaction_may_have_begun(string sql, bool doubt)
    {
        SessionFakes.Refuse(_connection, 1146);
        StateChanges.Apply(_state, Classify(sql), _connection, new Topology([]));
        Assert.Equal(doubt, _state.InTransaction);
        Apply("COMMIT");
        Assert.False(_state.InTransaction);
    }

    [Fact]
    public void What_set_statement_sets_for_one_statement_once_stayed_with_the_session()
    {
        Apply("SET STATEMENT sql_select_limit=0 FOR SELECT 1", state: w => w.AddVariable("sql_select_limit"u8, "0"u8));
        Assert.Empty(_state.Settings.Variables);
        Apply("SET sql_select_limit=0", state: w => w.AddVariable("sql_select_limit"u8, "0"u8));
        Assert.Single(_state.Settings.Variables);
    }

    [Fact]
    public void An_open_cursor_pins()
    {
        Assert.Equal(PinReasons.Cursor, Apply("SELECT 1", ServerStatus.AutoCommit | ServerStatus.CursorExists));
    }

    private PinReasons Apply(string sql, ServerStatus status = ServerStatus.AutoCommit, Action<SessionStateWriter>? state = null)
    {
        SessionFakes.Answer(_connection, status, state);
        return StateChanges.Apply(_state, Classify(sql), _connection, new Topology([]));
    }

    private static Statement Classify(string sql) => StatementClassifier.Classify(Encoding.UTF8.GetBytes(sql), LexerModes.None);
}
