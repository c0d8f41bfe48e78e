using System.Text.RegularExpressions;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential.Generator;

/// <summary>
/// Statements by theme, with placeholders that <see cref="Fill"/> replaces. Rows come in a fixed order or one at a time,
/// and nothing depends on the clock, on ids of connections or on which server answers.
/// </summary>
internal static partial class Vocabulary
{
    private static readonly string[] Modes =
        ["", "ANSI_QUOTES", "NO_BACKSLASH_ESCAPES", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES", "PIPES_AS_CONCAT", "STRICT_ALL_TABLES", "ANSI", "NO_AUTO_VALUE_ON_ZERO"];

    private static readonly string[] Charsets = ["utf8mb4", "latin1", "gbk", "sjis", "binary", "utf8mb4 COLLATE utf8mb4_bin", "latin1 COLLATE latin1_general_ci"];

    private static readonly string[] Literals = ["'a'", "'b''c'", "'ä'", "'x\\\\'", "''", "'12x'", "NULL", "\"q\"", "'a much longer text than the column takes, by a good deal of characters'"];

    /// <summary>Rows written and read.</summary>
    public static readonly string[] Rows =
    [
        "INSERT INTO {t} (n, s) VALUES ({n}, {s})", "INSERT INTO {t} (n, s) VALUES ({n}, {s}), ({n}, {s}), ({n}, {s})", "INSERT INTO d (id, n) VALUES ({n}, {n})",
        "INSERT INTO d (u) VALUES ({n})", "INSERT IGNORE INTO d (u, n) VALUES ({n}, {s})", "INSERT INTO d (n) SELECT n FROM e ORDER BY id LIMIT 2",
        "INSERT INTO d (u, n) VALUES ({n}, 1) ON DUPLICATE KEY UPDATE id = LAST_INSERT_ID(id), n = n + 1", "REPLACE INTO d (id, n) VALUES ({n}, {n})",
        "UPDATE {t} SET n = n + 1 WHERE id < {n}", "UPDATE d SET n = {n} WHERE id = {n}", "UPDATE d SET s = {s}", "DELETE FROM {t} WHERE id = {n}", "DELETE FROM d WHERE id > 5",
        "SELECT id, n, s, u FROM {t} ORDER BY id", "SELECT COUNT(*), SUM(n) FROM {t}", "SELECT n FROM d WHERE id = {n}", "SELECT n FROM d WHERE id = {n} FOR UPDATE",
        "SELECT a.id, b.n FROM d a FORCE INDEX (PRIMARY) STRAIGHT_JOIN e b FORCE INDEX (PRIMARY) ON a.id = b.id ORDER BY a.id", "SELECT * FROM d WHERE 1 = 0", "SELECT * FROM nowhere", "SELECT nothing FROM d", "TRUNCATE e",
        "SELECT id FROM v ORDER BY id", "SELECT 1; SELECT id FROM d ORDER BY id; SELECT 3", "INSERT INTO d (n) VALUES ({n}); SELECT LAST_INSERT_ID(); SELECT COUNT(*) FROM d",
    ];

    /// <summary>What earlier statements left in the session.</summary>
    public static readonly string[] InsertIds =
    [
        "SELECT LAST_INSERT_ID()", "SELECT @@last_insert_id, @@identity", "INSERT INTO e (n) VALUES (LAST_INSERT_ID())", "SELECT LAST_INSERT_ID({n} + 40)", "DO LAST_INSERT_ID({n} + 60)",
        "UPDATE d SET n = LAST_INSERT_ID(n + 1) WHERE id = {n}", "SET last_insert_id = {n}", "SELECT n FROM d WHERE id = LAST_INSERT_ID()", "SET insert_id = 7{n}", "DELETE FROM e WHERE n = LAST_INSERT_ID()",
    ];

    /// <summary>What the statement before left behind: asked for directly behind one that uses a table.</summary>
    public static readonly string[] Diagnostics =
    [
        "SHOW WARNINGS", "SHOW ERRORS", "SHOW COUNT(*) WARNINGS", "SHOW COUNT(*) ERRORS", "SELECT @@warning_count, @@error_count", "GET DIAGNOSTICS @dn = NUMBER", "SHOW WARNINGS LIMIT 1",
        "GET DIAGNOSTICS CONDITION 1 @code = MYSQL_ERRNO, @text = MESSAGE_TEXT",
    ];

    /// <summary>Statements with warnings, errors and row counts.</summary>
    public static readonly string[] Warned =
    [
        "SELECT CAST('x' AS SIGNED) FROM d LIMIT 1", "SELECT COUNT(*) FROM d WHERE n = 'no number'", "INSERT IGNORE INTO d (u, n) VALUES (1, '12x')", "DROP TABLE IF EXISTS never_there", "SELECT * FROM nowhere",
        "INSERT INTO d (id, n) VALUES (1, 1), (1, 1)", "SELECT COUNT(*) FROM d", "UPDATE d SET n = n WHERE s = 5", "CALL warns()", "CALL fails()", "SELECT id FROM d ORDER BY id LIMIT 1",
    ];

    /// <summary>Settings, the schema, the account.</summary>
    public static readonly string[] Settings =
    [
        "SET sql_mode = '{mode}'", "SET SESSION sql_mode = DEFAULT", "SET @@sql_mode = '{mode}'", "SET NAMES {cs}", "SET CHARACTER SET latin1", "SET character_set_results = NULL", "SET collation_connection = utf8mb4_unicode_ci",
        "SET time_zone = '+0{n}:00'", "SET @@session.time_zone = DEFAULT", "SET group_concat_max_len = 1{n}", "SET @@group_concat_max_len = 9{n}", "SET sql_select_limit = {n}", "SET sql_select_limit = DEFAULT",
        "SET foreign_key_checks = 0, unique_checks = 0", "SET foreign_key_checks = 1, unique_checks = 1", "SET sql_safe_updates = {bit}", "SET div_precision_increment = {n}", "SET lc_time_names = 'de_DE'", "SET no_such_variable = 1",
        "SET max_error_count = {n}", "SET sql_notes = {bit}", "SET GLOBAL div_precision_increment = 5", "SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED", "SET SESSION TRANSACTION READ ONLY", "SET SESSION TRANSACTION READ WRITE",
        "USE app", "USE {schema}", "USE {schema}", "USE no_such_schema", "SET sql_auto_is_null = 0", "SET ROLE NONE", "SET DEFAULT ROLE NONE TO CURRENT_USER", "SET time_zone = '+01:00'; SET sql_mode = ''", "SET big_tables = {bit}, completion_type = {bit}",
        "CALL sets()", "SET completion_type = 0", "SET sql_warnings = 1, div_precision_increment = 3",
    ];

    /// <summary>Where the session stands.</summary>
    public static readonly string[] Standing =
    [
        "SELECT @@sql_mode, @@time_zone, @@group_concat_max_len, @@sql_select_limit, DATABASE()", "SELECT @@character_set_client, @@character_set_connection, @@character_set_results, @@collation_connection",
        "SELECT @@foreign_key_checks, @@unique_checks, @@sql_safe_updates, @@div_precision_increment, @@autocommit, @@max_error_count, @@sql_notes, @@big_tables, @@completion_type", "SELECT 'a\\\\', 1/3, 'ä', HEX('ä')",
        "SELECT MONTHNAME('2020-03-01'), FROM_UNIXTIME(0)", "SELECT \"n\" FROM d ORDER BY id LIMIT 1", "SELECT 'a' || 'b'", "SELECT GROUP_CONCAT(id ORDER BY id) FROM d", "SELECT CURRENT_ROLE()", "SHOW VARIABLES LIKE 'sql_mode'", "SELECT @a, @b",
        "SHOW TABLES", "SELECT COUNT(*) FROM {schema}.d", "SELECT id FROM d ORDER BY id",
    ];

    /// <summary>Transactions.</summary>
    public static readonly string[] Transactions =
    [
        "BEGIN", "START TRANSACTION", "START TRANSACTION READ ONLY", "START TRANSACTION WITH CONSISTENT SNAPSHOT", "COMMIT", "COMMIT", "COMMIT", "ROLLBACK", "ROLLBACK", "COMMIT AND CHAIN", "ROLLBACK AND CHAIN", "SAVEPOINT {sp}",
        "ROLLBACK TO {sp}", "RELEASE SAVEPOINT {sp}", "SET autocommit = 0", "SET autocommit = 1", "SET TRANSACTION ISOLATION LEVEL {level}", "SET TRANSACTION READ ONLY", "SET TRANSACTION READ WRITE",
        "SET @@autocommit = {bit}", "BEGIN; INSERT INTO d (n) VALUES ({n}); COMMIT",
    ];

    /// <summary>What lives on one connection.</summary>
    public static readonly string[] Pinned =
    [
        "SET @a = {n}", "SET @b = @a + 1", "SELECT @a := {n}", "SELECT n INTO @b FROM d WHERE id = {n}", "SELECT COUNT(*) FROM d INTO @a", "CREATE TEMPORARY TABLE tt (id INT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(9))",
        "CREATE TEMPORARY TABLE IF NOT EXISTS tt (id INT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(9))", "DROP TEMPORARY TABLE IF EXISTS tt", "DROP TABLE IF EXISTS tt", "INSERT INTO tt (n) VALUES ({n})", "SELECT * FROM tt ORDER BY id",
        "PREPARE p FROM 'SELECT n FROM d WHERE id = ?'", "EXECUTE p USING @a", "DEALLOCATE PREPARE p", "HANDLER d OPEN", "HANDLER d READ FIRST", "HANDLER d CLOSE", "LOCK TABLES d READ", "LOCK TABLES d WRITE, e WRITE", "UNLOCK TABLES", "UNLOCK TABLES",
        "SELECT GET_LOCK('generated', 0)", "SELECT RELEASE_LOCK('generated')", "SELECT IS_FREE_LOCK('generated')", "DO RELEASE_ALL_LOCKS()", "CALL gives(@a)", "SELECT @a", "DROP TABLE tt",
    ];

    /// <summary>Definitions.</summary>
    public static readonly string[] Definitions =
    [
        "ALTER TABLE e ADD COLUMN x INT DEFAULT 5", "ALTER TABLE e DROP COLUMN x", "CREATE TABLE f (id INT PRIMARY KEY)", "DROP TABLE f", "CREATE TABLE IF NOT EXISTS f (id INT PRIMARY KEY)", "DROP TABLE IF EXISTS f", "CREATE OR REPLACE VIEW v AS SELECT id FROM d",
        "ALTER TABLE d COMMENT = 'changed'", "CREATE INDEX i ON e (n)", "DROP INDEX i ON e", "RENAME TABLE e TO g, g TO e", "CREATE TABLE f (id INT PRIMARY KEY) SELECT id FROM d",
    ];

    private static readonly string[] MySqlOnly = ["VALUES ROW(1, 2), ROW(3, 4)", "TABLE d ORDER BY id", "SET PERSIST div_precision_increment = 5", "SET SESSION explicit_defaults_for_timestamp = ON", "RESET PERSIST", "SELECT n FROM d WHERE id = {n} FOR SHARE", "SET GLOBAL TRANSACTION READ WRITE", "SET RESOURCE GROUP none"];

    private static readonly string[] MariaDbOnly =
    [
        "SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id", "SET STATEMENT group_concat_max_len = 55 FOR SELECT @@group_concat_max_len", "SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR SELECT \"n\" FROM d LIMIT 1", "CALL for_one()", "BEGIN NOT ATOMIC SET @b = 5; SELECT @b; END",
        "BEGIN NOT ATOMIC SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id; END", "EXECUTE IMMEDIATE 'SELECT 5'", "EXECUTE IMMEDIATE 'SET time_zone = ''+04:00'''", "INSERT INTO d (n) VALUES ({n}) RETURNING id", "SELECT NEXT VALUE FOR seq",
        "SELECT NEXTVAL(seq)", "SELECT SETVAL(seq, 1{n})", "SET STATEMENT max_statement_time = 10 FOR INSERT INTO d (n) VALUES ({n})", "SELECT 1; SET STATEMENT group_concat_max_len = 66 FOR SELECT 2; SELECT @@group_concat_max_len",
    ];

    public static string[] Own(Flavor flavor) => flavor == Flavor.MySql ? MySqlOnly : MariaDbOnly;

    /// <summary>
    /// What makes a schema as each stream expects it. Generated ids are far from chosen ones: on a connection on which another
    /// session's row got the same id that this one's chose, nobody can tell which of the two LAST_INSERT_ID() means.
    /// </summary>
    public static IEnumerable<string> Setup(Flavor flavor) =>
    [
        "CREATE TABLE d (id INT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(40), u INT UNIQUE) AUTO_INCREMENT = 101", "CREATE TABLE e (id INT AUTO_INCREMENT PRIMARY KEY, n INT, s VARCHAR(40), u INT) AUTO_INCREMENT = 101",
        "INSERT INTO d (id, n, s, u) VALUES (1, 1, 'one', 1), (2, 2, 'two', 2), (3, 3, 'three', 3)", "INSERT INTO e (id, n, s) VALUES (1, 10, 'ten'), (2, 20, 'twenty')", "CREATE VIEW v AS SELECT id, n FROM d",
        "CREATE PROCEDURE warns() BEGIN SELECT CAST('y' AS SIGNED); END", "CREATE PROCEDURE fails() BEGIN SELECT 1; SIGNAL SQLSTATE '45000' SET MESSAGE_TEXT = 'mine'; END", "CREATE PROCEDURE gives(OUT x INT) SET x = 42",
        "CREATE PROCEDURE sets() BEGIN SET time_zone = '+08:00'; SET group_concat_max_len = 77; END",
        .. flavor == Flavor.MariaDb
            ? (string[])["CREATE PROCEDURE for_one() BEGIN SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id; END", "CREATE SEQUENCE seq"]
            : [],
    ];

    /// <summary>Undoes what <see cref="Setup"/> and any stream made, which may have been in the schema app by then.</summary>
    public static IEnumerable<string> Teardown(Flavor flavor) =>
    [
        "DROP VIEW IF EXISTS v", "DROP TABLE IF EXISTS d, e, f, g, app.f", "DROP PROCEDURE IF EXISTS warns", "DROP PROCEDURE IF EXISTS fails", "DROP PROCEDURE IF EXISTS gives", "DROP PROCEDURE IF EXISTS sets",
        .. flavor == Flavor.MariaDb ? (string[])["DROP PROCEDURE IF EXISTS for_one", "DROP SEQUENCE IF EXISTS seq"] : [],
    ];

    /// <summary>Replaces a template's placeholders.</summary>
    public static string Fill(string template, Random random, string schema) => Placeholder().Replace(template, match => match.Groups[1].Value switch
    {
        "n" => random.Next(1, 8).ToString(System.Globalization.CultureInfo.InvariantCulture),
        "bit" => random.Next(2).ToString(System.Globalization.CultureInfo.InvariantCulture),
        "s" => Pick(random, Literals),
        "t" => Pick(random, ["d", "d", "e"]),
        "mode" => Pick(random, Modes),
        "cs" => Pick(random, Charsets),
        "sp" => Pick(random, ["a", "b"]),
        "level" => Pick(random, ["READ COMMITTED", "REPEATABLE READ", "SERIALIZABLE", "READ UNCOMMITTED"]),
        _ => schema,
    });

    public static string Pick(Random random, string[] from) => from[random.Next(from.Length)];

    [GeneratedRegex(@"\{(\w+)\}")]
    private static partial Regex Placeholder();
}
