using System.Text.RegularExpressions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>
/// The one table of what may differ between a server and the proxy in front of it. Everything else must be equal.
/// <list type="table">
/// <item><term>Status flag QUERY_WAS_SLOW</term><description>depends on the clock</description></item>
/// <item><term>Status flag METADATA_CHANGED</term><description>each server connection says it once, at its own first
/// execution behind the change; one on which the statement is prepared behind it never does</description></item>
/// <item><term>Status flag SESSION_STATE_CHANGED</term><description>what changed is compared where the packet has it; an EOF
/// has only the flag, which the proxy takes off with what it asked for itself</description></item>
/// <item><term>Status and warnings of the EOF behind definitions</term><description>the proxy's connections have
/// DEPRECATE_EOF, so that a server sends none; the proxy's own has the session's status before the statement. Clients
/// use only its CURSOR_EXISTS flag, which is compared.</description></item>
/// <item><term>Ids of prepared statements</term><description>the proxy has its own; also in error texts</description></item>
/// <item><term>OUT parameters without DEPRECATE_EOF</term><description>MySQL announces them in the EOF behind definitions
/// only; the proxy, whose server says it at the end, says it there</description></item>
/// <item><term>The function named by "Unknown prepared statement handler"</term><description>differs between server
/// versions; the proxy has one text</description></item>
/// <item><term>Warnings counted by COM_INIT_DB's OK</term><description>MySQL repeats those of the connection's statement
/// before, which may have been the proxy's own</description></item>
/// <item><term>The dot behind error 1421</term><description>MySQL and the proxy have it, MariaDB has not</description></item>
/// <item><term>SHOW WARNINGS behind a statement without tables</term><description>MariaDB shows what the statement before
/// left; the proxy may have run the two on different servers. Not part of the stream.</description></item>
/// <item><term>Executing a statement without a cursor that had one before</term><description>MySQL 9.7 answers with
/// columns and an OK of header 0x00, for which clients wait on. The proxy keeps that away: see CursorTests.</description></item>
/// <item><term>Error 1792 in START TRANSACTION READ ONLY</term><description>the transaction runs on a replica, which
/// refuses writes as read-only (1290) first; SHOW WARNINGS has its word</description></item>
/// <item><term>LAST_INSERT_ID() behind an INSERT that failed</term><description>undefined by the manual: servers give the
/// id that was not used, the proxy the one before. Streams are compared up to there.</description></item>
/// <item><term>What SET STATEMENT … FOR put back, in session state</term><description>MariaDB reports it with a later statement, which one
/// depends on what is tracked; streams use variables that it doesn't track by default</description></item>
/// <item><term>The transaction state of no transaction, in streams, which don't ask for it</term><description>MySQL tells it unasked, in the
/// OK behind a definition that failed in a transaction with a consistent snapshot; the next statement may run on another connection</description></item>
/// <item><term>LASTVAL(), not directly behind NEXTVAL()</term><description>belongs to a connection, and drawing a number pins none. Not
/// part of streams.</description></item>
/// <item><term>Affected rows of CALL of a procedure without a statement that has any</term><description>MySQL repeats those of the
/// connection's statement before, which may have been the proxy's own</description></item>
/// <item><term>Order of variables in session state</term><description>the server's hash table decides</description></item>
/// <item><term>statement_id in session state</term><description>counts the statements of the server</description></item>
/// <item><term>Schema in the session state of COM_CHANGE_USER's OK</term><description>the proxy's OK has none</description></item>
/// <item><term>Numbers in COM_STATISTICS</term><description>uptime, questions and so on</description></item>
/// <item><term>The exchange of passwords of COM_CHANGE_USER</term><description>the proxy asks for caching_sha2_password
/// whatever plugin the account has on the server; the packet that ends it is compared</description></item>
/// <item><term>Connection ids, server ids, times</term><description>no statement of the stream asks for them</description></item>
/// </list>
/// </summary>
internal static partial class Differences
{
    public static ServerStatus Masked(ServerStatus status) =>
        status & ~(ServerStatus.QueryWasSlow | ServerStatus.MetadataChanged | ServerStatus.SessionStateChanged);

    /// <summary>The status of a result of OUT parameters, wherever the server told of it.</summary>
    public static ServerStatus OutParameters(ServerStatus behindDefinitions, ServerStatus atEnd) =>
        behindDefinitions.HasFlag(ServerStatus.PsOutParams)
            ? atEnd | (behindDefinitions & (ServerStatus.PsOutParams | ServerStatus.MoreResultsExist))
            : atEnd;

    public static bool IsCompared(SessionStateChange change) =>
        !change.Name.SequenceEqual("statement_id"u8);

    /// <summary>A line of the answer to a statement without what may differ in streams.</summary>
    public static string InStream(string statement, string line) => statement.StartsWith("query CALL ", StringComparison.Ordinal)
        ? WithoutNumbers(line)
        : ReadOnlyWarning().Replace(line.Replace($" [{SessionStateKind.TransactionState} =________]", "", StringComparison.Ordinal), "$1read-only");

    /// <summary>Whether an insert id is undefined behind a statement that was answered so; null: as before.</summary>
    public static bool? UndefinesInsertId(string statement, IReadOnlyList<string> answer) =>
        answer.Any(l => InsertedId().IsMatch(l)) ? false
        : Inserts().IsMatch(statement) && answer.Any(l => l.StartsWith("ERROR", StringComparison.Ordinal)) ? true
        : null;

    /// <summary>Whether a statement reads the insert id.</summary>
    public static bool ReadsInsertId(string statement) => statement.Contains("last_insert_id", StringComparison.OrdinalIgnoreCase);

    [GeneratedRegex(@"^OK .* id [1-9]")]
    private static partial Regex InsertedId();

    [GeneratedRegex(@"\b(INSERT|REPLACE)\b|execute", RegexOptions.IgnoreCase)]
    private static partial Regex Inserts();

    [GeneratedRegex(@"^(ROW \\05Error)\\04(1290|1792).*")]
    private static partial Regex ReadOnlyWarning();

    public static string WithoutWarnings(string ok) => Warnings().Replace(ok, "");

    public static string WithoutNumbers(string text) => Number().Replace(text, "#");

    public static string Text(ErrPacket error) => error.Code is 1792 or 1290
        ? "ERROR: read-only"
        : StatementId().Replace(Function().Replace(error.ToString(), "given to #"), "(#)").TrimEnd('.');

    [GeneratedRegex(@", \d+ warnings")]
    private static partial Regex Warnings();

    [GeneratedRegex(@"given to \w+")]
    private static partial Regex Function();

    [GeneratedRegex(@"\d+(\.\d+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"(?<=statement.*)\(\d+\)")]
    private static partial Regex StatementId();
}
