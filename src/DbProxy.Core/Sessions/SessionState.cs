using DbProxy.Core.Gtids;
using DbProxy.Protocol;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>What the proxy knows of a client's session, apart from the connection that it may hold.</summary>
internal sealed class SessionState
{
    private const string AnsiQuotes = "ANSI_QUOTES";

    /// <summary>Of statements that create or take something by its name.</summary>
    public const StatementTraits NamingTraits = StatementTraits.TemporaryTable | StatementTraits.NamedLock | StatementTraits.Handler;

    private const PinReasons Named = PinReasons.TemporaryTable | PinReasons.NamedLock | PinReasons.Handler;

    private HeldNames? _names;
    private LexerModes _flavor;
    private LexerModes _loginCharset;
    private LexerModes _defaultCharset;

    /// <summary>The settings right after the login: what COM_RESET_CONNECTION goes back to.</summary>
    public SessionSettings Initial { get; private set; } = SessionSettings.Create("", 0);

    public SessionSettings Settings { get; private set; } = SessionSettings.Create("", 0);

    /// <summary>Status flags of the server's last OK or EOF.</summary>
    public ServerStatus Status { get; set; } = ServerStatus.AutoCommit;

    public PinReasons Pins { get; set; }

    /// <summary>The position of the session's last write; null: it has written nothing that every replica hasn't.</summary>
    public GtidToken? LastWrite { get; set; }

    /// <summary>LAST_INSERT_ID() of the session, as far as it was read back from a connection given away.</summary>
    public ulong LastInsertId { get; set; }

    /// <summary>Whether the client may send several statements in one query.</summary>
    public bool MultiStatements { get; set; }

    /// <summary>Whether the last answer left open what state the server's transaction is in.</summary>
    public bool Uncertain { get; set; }

    /// <summary>Whether the session's transaction has just begun, plainly: there is nothing in it, so it can begin elsewhere instead.</summary>
    public bool IsNewTransaction { get; private set; }

    /// <summary>What the client wants to be told of its session; null: what the server tells by default.</summary>
    public ClientTrackers? Trackers { get; set; }

    /// <summary>How the server's lexer reads this session's statements.</summary>
    public LexerModes Modes { get; private set; }

    /// <summary>The status flags that describe the session, not the last statement.</summary>
    public ServerStatus LastingStatus => Status
        & (ServerStatus.AutoCommit | ServerStatus.InTransaction | ServerStatus.InTransactionReadOnly
            | ServerStatus.NoBackslashEscapes | ServerStatus.AnsiQuotes);

    public bool InTransaction => Status.HasFlag(ServerStatus.InTransaction) || Uncertain;

    public bool Autocommit => Status.HasFlag(ServerStatus.AutoCommit);

    /// <summary>Whether the session keeps its connection beyond the statement.</summary>
    public bool KeepsLease => InTransaction || Pins != PinReasons.None;

    /// <summary>A login.</summary>
    /// <param name="settings">What it asked for.</param>
    /// <param name="multiStatements">Whether several statements in one query are allowed.</param>
    /// <param name="flavor"><see cref="LexerModes.MariaDb"/> or none.</param>
    /// <param name="charset">How its character set is read.</param>
    /// <param name="defaultCharset">How the server's own is.</param>
    public void Start(
        SessionSettings settings, bool multiStatements, LexerModes flavor, LexerModes charset = LexerModes.None, LexerModes defaultCharset = LexerModes.None)
    {
        // The schema of a login before (COM_CHANGE_USER) must not stay.
        Initial = Settings = settings;
        MultiStatements = multiStatements;
        LastWrite = null;
        _flavor = flavor;
        _loginCharset = charset;
        _defaultCharset = defaultCharset;
        Reset();
    }

    /// <summary>
    /// COM_RESET_CONNECTION: as <see cref="Reset"/>, but in MySQL the character set becomes the server's default. MariaDB
    /// keeps the login's.
    /// </summary>
    public void ResetByClient(bool mySql)
    {
        _loginCharset = mySql ? _defaultCharset : _loginCharset;
        Initial = mySql ? Initial.WithCollation(SessionSettings.ServerDefault) : LoginModes.Without(Initial);
        Reset();
    }

    /// <summary>Back to the state after the login.</summary>
    public void Reset()
    {
        // A client's reset keeps the schema, as the server's does.
        Settings = Settings.Schema.Length == 0 ? Initial : Initial.WithSchema(Settings.Schema);
        Status = ServerStatus.AutoCommit;
        Pins = PinReasons.None;
        Trackers = null;
        LastInsertId = 0;
        Uncertain = false;
        IsNewTransaction = false;
        _names?.Clear();
        Modes = _flavor | _loginCharset;
    }

    /// <summary>Notes whether a statement that ended well was a plain BEGIN; preparing one changes nothing.</summary>
    public void NoteTransaction(in Statement statement, ReadOnlySpan<byte> sql, bool succeeded) =>
        IsNewTransaction = succeeded && statement.Kind is StatementKind.Begin or StatementKind.StartTransaction
            && sql.Length <= "START TRANSACTION;".Length && Pins == PinReasons.None
            && (Status & (ServerStatus.InTransaction | ServerStatus.InTransactionReadOnly)) == ServerStatus.InTransaction;

    /// <summary>The connection with the session's transaction and pins is gone, and they with it.</summary>
    public void Lost()
    {
        IsNewTransaction = false;
        Status &= ~(ServerStatus.InTransaction | ServerStatus.InTransactionReadOnly);
        Pins = PinReasons.None;
        Uncertain = false;
        _names?.Clear();
    }

    /// <summary>Notes what a statement created or took by name, or gave up: with the last of a kind the pin ends.</summary>
    public void NoteNames(in Statement statement, ReadOnlySpan<byte> sql)
    {
        if ((Pins & Named) == 0 && !statement.HasAny(NamingTraits))
        {
            return;
        }

        _names ??= new();
        _names.Note(statement, sql, Modes, Settings.Schema);
        StatementTraits held = _names.Held;
        Pins &= ~((held.HasFlag(StatementTraits.TemporaryTable) ? 0 : PinReasons.TemporaryTable)
            | (held.HasFlag(StatementTraits.NamedLock) ? 0 : PinReasons.NamedLock)
            | (held.HasFlag(StatementTraits.Handler) ? 0 : PinReasons.Handler));
    }

    /// <summary>The session's schema, while no connection can be in it because it does not exist; null: it is, or there is none.</summary>
    public string? MissingSchema { get; private set; }

    /// <summary>Does without the schema for one statement.</summary>
    public void LeaveSchema()
    {
        MissingSchema = Settings.Schema;
        SetSchema("");
    }

    /// <summary>Behind that statement, unless it left something on its connection: the session is in its schema all the same, or in the one that it chose.</summary>
    public void ReturnToSchema()
    {
        if (MissingSchema is null || KeepsLease)
        {
            return;
        }

        SetSchema(Settings.Schema.Length == 0 ? MissingSchema : Settings.Schema);
        MissingSchema = null;
    }

    public void SetSchema(string schema) => Settings = Settings.WithSchema(schema);

    public void SetVariable(string name, string value)
    {
        Settings = Settings.WithVariable(name, value);
        if (name == "character_set_client")
        {
            Modes = (Modes & ~LexerModes.AnyCharset) | CharsetModes.Of(value);
        }
        else if (name == "sql_mode")
        {
            Modes = (Modes & ~(LexerModes.AnsiQuotes | LexerModes.NoBackslashEscapes))
                | (value.Contains(AnsiQuotes, StringComparison.OrdinalIgnoreCase) ? LexerModes.AnsiQuotes : LexerModes.None)
                | (value.Contains("NO_BACKSLASH_ESCAPES", StringComparison.OrdinalIgnoreCase) ? LexerModes.NoBackslashEscapes : LexerModes.None);
        }
    }

    public void ForgetVariable(string name) => Settings = Settings.WithoutVariable(name);

    /// <summary>The server's own word on its lexer, where it gives one.</summary>
    public void ApplyStatus(ServerStatus status)
    {
        Status = status;
        Uncertain = false;
        Modes = status.HasFlag(ServerStatus.NoBackslashEscapes)
            ? Modes | LexerModes.NoBackslashEscapes
            : Modes & ~LexerModes.NoBackslashEscapes;
    }
}
