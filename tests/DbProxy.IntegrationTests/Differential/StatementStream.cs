using DbProxy.Protocol;
using static DbProxy.IntegrationTests.Differential.Step;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>The stream of commands; it leaves the schema as it found it.</summary>
internal static class StatementStream
{
    public static IEnumerable<Step> For(string schema) =>
    [
        .. Tables(), .. Texts(), .. Errors(), .. SessionState(schema), .. Transactions(), .. Procedures(), .. Batches(),
        .. Prepared(), .. Cursors(), .. Commands(schema), .. Users(schema), .. End(),
    ];

    private static IEnumerable<Step> Tables() =>
    [
        Query("CREATE TABLE d (id INT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(40), u INT UNIQUE, b BLOB, t DATETIME(3), j DECIMAL(9,2))"),
        Query("INSERT INTO d (n, s, u, t, j) VALUES (1, 'one', 1, '2020-01-02 03:04:05.678', 1.5), (2, 'two', 2, NULL, -3), (3, NULL, 3, NULL, NULL)"),
        Query("SELECT LAST_INSERT_ID(), ROW_COUNT()"),
        Query("SELECT * FROM d ORDER BY id"),
        Query("UPDATE d SET n = n + 1 WHERE id < 3"),
        Query("SELECT ROW_COUNT()"),
        Query("UPDATE d SET n = n"),
        Query("INSERT INTO d (n) SELECT n FROM d"),
        Query("SELECT LAST_INSERT_ID()"),
        Query("DELETE FROM d WHERE id > 3"),
        Query("REPLACE INTO d (id, n, s, u) VALUES (3, 4, 'three', 3)"),
        Query("LOAD DATA LOCAL INFILE 'numbers' INTO TABLE d (n)", "17\n18\n19\n"),
        Query("DELETE FROM d WHERE n >= 17"),
    ];

    private static IEnumerable<Step> Texts() =>
    [
        Query("SELECT 1"),
        Query("SELECT NULL, '', 'ä', 0x00FF, 1.5, 1e10, -7, CAST('2020-01-01' AS DATE) AS a_date"),
        Query("SELECT * FROM d WHERE 1 = 0"),
        Query("SELECT REPEAT('x', 70000), id FROM d ORDER BY id"),
        Query("SELECT SQL_CALC_FOUND_ROWS id FROM d ORDER BY id LIMIT 1"),
        Query("SELECT FOUND_ROWS()"),
        Query("SELECT a.id, b.s AS name FROM d a JOIN d b ON a.id = b.id ORDER BY a.id"),
        Query("SELECT COUNT(*), SUM(n), AVG(n), MAX(s) FROM d GROUP BY u ORDER BY u"),
        Query("SELECT 1 FROM d UNION SELECT 2"),
        Query("SHOW TABLES"),
        Query("SHOW COLUMNS FROM d"),
        Query("DO 1"),
        Query("/* comment */ SELECT 2 -- end"),
    ];

    private static IEnumerable<Step> Errors() =>
    [
        Query("INSERT INTO d (u) VALUES (1)"),
        Query("SHOW WARNINGS"),
        Query("SHOW ERRORS"),
        Query("SELECT * FROM nowhere"),
        Query("SHOW WARNINGS"),
        Query("SELEC 1"),
        Query(""),
        Query("SELECT CAST('x' AS SIGNED), CAST('y' AS SIGNED)"),
        Query("SHOW COUNT(*) WARNINGS"),
        Query("SHOW WARNINGS"),
        Query("SELECT @@warning_count"),
        Query("INSERT IGNORE INTO d (u, n) VALUES (1, 'no number')"),
        Query("SHOW WARNINGS"),
        Query("SELECT COUNT(*) FROM d"),
        Query("SHOW WARNINGS"),
        Query("SELECT (SELECT 1 UNION SELECT 2)"),
        Query("DROP TABLE IF EXISTS never_there"),
        Query("SHOW WARNINGS"),
    ];

    private static IEnumerable<Step> SessionState(string schema) =>
    [
        Query("SET NAMES latin1"),
        Query("SELECT 'caf\u00e9', @@character_set_client, @@collation_connection"),
        Query("SET NAMES utf8mb4"),
        Query("SET sql_mode = 'ANSI_QUOTES'"),
        Query("SELECT \"id\" FROM d ORDER BY id"),
        Query("SET sql_mode = 'NO_BACKSLASH_ESCAPES'"),
        Query("SELECT 'a\\', @@sql_mode"),
        Query("SET sql_mode = DEFAULT"),
        Query("SET time_zone = '+02:00', @a = 5"),
        Query("SELECT @@time_zone, @a, @b"),
        Query("SET no_such_variable = 1"),
        Query("USE app"),
        Query("SELECT DATABASE()"),
        Query($"USE {schema}"),
        Query("USE no_such_schema"),
        Query("SELECT DATABASE()"),
        Query("CREATE TEMPORARY TABLE tt (i INT)"),
        Query("INSERT INTO tt VALUES (1), (2)"),
        Query("SELECT * FROM tt"),
        Query("DROP TEMPORARY TABLE tt"),
        Query("SELECT GET_LOCK('differential', 5)"),
        Query("SELECT RELEASE_LOCK('differential')"),
        Query("PREPARE named FROM 'SELECT ? + 1'"),
        Query("EXECUTE named USING @a"),
        Query("DEALLOCATE PREPARE named"),
        Query("SET max_execution_time = 0"),
        Query("SET SESSION group_concat_max_len = 4"),
        Query("SELECT GROUP_CONCAT(id ORDER BY id) FROM d"),
        Query("SHOW WARNINGS"),
        Command(CommandKind.ResetConnection),
        Query("SELECT @a, @@time_zone, DATABASE(), @@group_concat_max_len, @@autocommit"),
    ];

    private static IEnumerable<Step> Transactions() =>
    [
        Query("SET autocommit = 0"),
        Query("SELECT COUNT(*) FROM d"),
        Query("INSERT INTO d (n) VALUES (100)"),
        Query("SELECT n FROM d WHERE n = 100"),
        Query("ROLLBACK"),
        Query("SET autocommit = 1"),
        Query("BEGIN"),
        Query("INSERT INTO d (n) VALUES (101)"),
        Query("SAVEPOINT a"),
        Query("DELETE FROM d WHERE n = 101"),
        Query("ROLLBACK TO a"),
        Query("SELECT n FROM d WHERE n = 101 FOR UPDATE"),
        Query("SELECT * FROM nowhere"),
        Query("COMMIT"),
        Query("START TRANSACTION READ ONLY"),
        Query("SELECT COUNT(*) FROM d"),
        Query("INSERT INTO d (n) VALUES (102)"),
        Query("COMMIT"),
        Query("SET TRANSACTION ISOLATION LEVEL READ COMMITTED"),
        Query("START TRANSACTION"),
        Query("DELETE FROM d WHERE n = 101"),
        Query("COMMIT AND CHAIN"),
        Query("ROLLBACK"),
        Query("LOCK TABLES d READ"),
        Query("SELECT COUNT(*) FROM d"),
        Query("UNLOCK TABLES"),
    ];

    private static IEnumerable<Step> Procedures() =>
    [
        Query("CREATE PROCEDURE two() BEGIN SELECT 1 AS a; SELECT id, s FROM d ORDER BY id; INSERT INTO d (n) VALUES (200); END"),
        Query("CALL two()"),
        Query("CREATE PROCEDURE fails() BEGIN SELECT 1; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mine'; END"),
        Query("CALL fails()"),
        Query("SHOW WARNINGS"),
        Query("CREATE PROCEDURE gives(OUT x INT) SET x = 42"),
        Query("CALL gives(@x)"),
        Query("SELECT @x"),
        Command(CommandKind.ResetConnection),
    ];

    private static IEnumerable<Step> Batches() =>
    [
        Query("SELECT 1; SELECT 2, 3; SELECT * FROM d WHERE 1 = 0"),
        Query("INSERT INTO d (n) VALUES (300); SELECT LAST_INSERT_ID() > 0; DELETE FROM d WHERE n = 300"),
        Query("SELECT 1; SELECT * FROM nowhere; SELECT 3"),
        Query("SELECT 1; SELEC 2"),
        Query("SELECT 1;"),
        Command(CommandKind.SetOption, 0, 0),
        Query("SELECT 1; SELECT 2"),
        Query("BEGIN; INSERT INTO d (n) VALUES (301); ROLLBACK"),
        Query("CALL two(); SELECT 5"),
        Command(CommandKind.SetOption, 1, 0),
        Query("SELECT 1; SELECT 2"),
        Command(CommandKind.SetOption, 7, 0),
        Query("DELETE FROM d WHERE n >= 200"),
    ];

    private static IEnumerable<Step> Prepared() =>
    [
        Prepare("by id", "SELECT id, n, s, t, j FROM d WHERE id > ? ORDER BY id"),
        Execute("by id", [0L]),
        Execute("by id", [1L], sendTypes: false),
        Execute("by id", ["2"]),
        Execute("by id", [null]),
        Prepare("insert", "INSERT INTO d (n, s) VALUES (?, ?)"),
        Execute("insert", [400L, "vierhundert"]),
        Execute("insert", [401L, null], sendTypes: false),
        Query("SELECT n, s FROM d WHERE n >= 400 ORDER BY id"),
        Query("SELECT LAST_INSERT_ID() > 0"),
        Prepare("wrong", "SELEC ?"),
        Prepare("unknown table", "SELECT * FROM nowhere"),
        Prepare("plain", "SELECT 1, 'x'"),
        Execute("plain", []),
        Prepare("value", "SELECT ? AS v, ? AS w"),
        Execute("value", ["a", 5L]),
        Prepare("update", "UPDATE d SET n = ? WHERE n = ?"),
        Execute("update", [402L, 400L]),
        Prepare("procedure", "CALL two()"),
        Execute("procedure", []),
        Prepare("out", "CALL gives(?)"),
        Execute("out", [1L]),
        Prepare("many", $"SELECT {string.Join(", ", Enumerable.Repeat("?", 300))}"),
        Execute("never prepared", []),
        Prepare("blob", "INSERT INTO d (n, b) VALUES (?, ?)"),
        LongData("blob", 1, "first "),
        LongData("blob", 1, "second"),
        Execute("blob", [403L, ""]),
        Query("SELECT b FROM d WHERE n = 403"),
        Execute("insert", [404L, "not unique is fine"]),
        Prepare("unique", "INSERT INTO d (u) VALUES (?)"),
        Execute("unique", [1L]),
        Query("SHOW WARNINGS"),
        ResetStatement("by id"),
        ResetStatement("never prepared"),
        Close("by id"),
        Execute("by id", [0L]),
        Close("never prepared"),
        Query("DELETE FROM d WHERE n >= 200"),
    ];

    private static IEnumerable<Step> Cursors() =>
    [
        Prepare("rows", "SELECT id, s FROM d WHERE id >= ? ORDER BY id"),
        Execute("rows", [0L], cursor: true),
        Fetch("rows", 2),
        Fetch("rows", 10),
        Fetch("rows", 1),
        Execute("rows", [2L], cursor: true),
        ResetStatement("rows"),
        Fetch("rows", 1),
        Execute("rows", [100000L], cursor: true),
        Fetch("rows", 1),
        Execute("rows", [0L], cursor: true),
        Query("SELECT 'beside the cursor'"),
        Fetch("rows", 1),
        Close("rows"),
        Fetch("rows", 1),
        Prepare("no rows", "SET @c = 1"),
        Execute("no rows", [], cursor: true),
        Prepare("shown", "SHOW TABLES"),
        Execute("shown", [], cursor: true),
        Fetch("shown", 5),
    ];

    private static IEnumerable<Step> Commands(string schema) =>
    [
        Command(CommandKind.ResetConnection),
        Command(CommandKind.Ping),
        InitDb("app"),
        Query("SELECT DATABASE()"),
        InitDb(schema),
        InitDb("no_such_schema"),
        FieldList("d", ""),
        FieldList("d", "n%"),
        FieldList("nowhere", ""),
        Statistics,
        Command((CommandKind)0x77),
        Query("SELECT 1"),
    ];

    private static IEnumerable<Step> Users(string schema) =>
    [
        Query("SET @a = 7, time_zone = '+05:00'"),
        Prepare("before", "SELECT 1"),
        ChangeUser(schema),
        Query("SELECT DATABASE(), @a, @@time_zone, @@character_set_client"),
        Execute("before", []),
        ChangeUser(""),
        Query("SELECT DATABASE()"),
        Query("SHOW TABLES"),
        ChangeUser(schema),
    ];

    private static IEnumerable<Step> End() =>
    [
        Query("DROP PROCEDURE two"),
        Query("DROP PROCEDURE fails"),
        Query("DROP PROCEDURE gives"),
        Query("DROP TABLE d"),
    ];
}
