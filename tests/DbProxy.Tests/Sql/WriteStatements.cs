namespace DbProxy.Tests.Sql;

/// <summary>Statements that belong to the primary, among them many that look like reads.</summary>
internal static class WriteStatements
{
    public static readonly string[] Selects =
    [
        "SELECT * FROM t FOR UPDATE", "SELECT * FROM t FOR SHARE", "SELECT * FROM t FOR UPDATE OF t", "SELECT * FROM t FOR SHARE OF t SKIP LOCKED", "SELECT * FROM t FOR UPDATE NOWAIT",
        "SELECT * FROM t LOCK IN SHARE MODE", "(SELECT * FROM t FOR UPDATE)", "(SELECT * FROM t) FOR UPDATE", "SELECT 1 UNION (SELECT a FROM t FOR UPDATE)", "SELECT * FROM (SELECT * FROM t FOR UPDATE) x",
        "WITH a AS (SELECT * FROM t FOR UPDATE) SELECT * FROM a", "SELECT * FROM t WHERE a IN (SELECT b FROM u LOCK IN SHARE MODE)", "TABLE t FOR UPDATE", "SELECT * FROM t WHERE a=1 FOR/**/UPDATE", "SELECT * FROM t FOR -- x\nUPDATE",
        "SELECT * FROM t WHERE id=1.FOR UPDATE", "SELECT * FROM t WHERE id=1e5FOR UPDATE", "SELECT * FROM t WHERE a='x'FOR UPDATE", "SELECT * FROM t WHERE a=`x`FOR UPDATE", "SELECT a .1for update",
        "SELECT * FROM t /*!80000 FOR UPDATE */", "SELECT * FROM t /*! FOR UPDATE */", "SELECT * FROM t /*M! FOR UPDATE */", "SELECT * FROM t /*M!100100 FOR UPDATE */", "SELECT * FROM t /*!999999 FOR UPDATE */", "SELECT * FROM t /*!99999 FOR UPDATE */",
        "SELECT * FROM t FOR /*!99999 x */ UPDATE", "SELECT * FROM t FOR /*!50700 x */ /*M!100100 UPDATE */", "SELECT 1 /*!99999 ' */ FOR UPDATE -- ' */", "SELECT 1 /*!99999 a /* b */ c */", "SELECT 1 /*!100100 +1 */",
        "SELECT 1 /*!80000 +1*//*!80001 +1*//*!80002 +1*//*!80003 +1*/", "SELECT /*+ BKA(`*/ FOR UPDATE -- `) */ 1", "SELECT 1 /*! ; DELETE FROM t */",
        "SELECT 1 INTO @a", "SELECT a INTO @a FROM t", "SELECT a, b FROM t INTO @a, @b", "SELECT * FROM t INTO OUTFILE '/x'", "SELECT a FROM t INTO DUMPFILE '/x'", "SELECT a INTO v FROM t", "TABLE t INTO OUTFILE '/x'", "SELECT * FROM (SELECT 1 INTO @a) x",
        "SELECT @a", "SELECT @a := 1", "SELECT a FROM t WHERE b = @a", "SELECT @'a b'", "SELECT @`a`", "SELECT @\"a\"", "SELECT a:=1", "SELECT (SELECT @x)", "WITH a AS (SELECT @x) SELECT * FROM a", "SELECT @",
        "SELECT LAST_INSERT_ID()", "SELECT last_insert_id ( )", "SELECT LAST_INSERT_ID(5)", "SELECT `LAST_INSERT_ID`()", "SELECT @@last_insert_id", "SELECT @@identity", "SELECT @@session.identity", "SELECT @@`identity`", "SELECT * FROM t WHERE id = LAST_INSERT_ID()",
        "SELECT FOUND_ROWS()", "SELECT FOUND_ROWS /* x */ ()", "SELECT SQL_CALC_FOUND_ROWS * FROM t LIMIT 1", "SELECT ROW_COUNT()", "SELECT GET_LOCK('a', 1)", "SELECT get_lock ('a', 1)", "SELECT `get_lock`('a',1)", "SELECT RELEASE_LOCK('a')", "SELECT RELEASE_ALL_LOCKS()",
        "SELECT IS_FREE_LOCK('a')", "SELECT IS_USED_LOCK('a')", "SELECT 1 FROM (SELECT GET_LOCK('a',1)) x", "DO GET_LOCK('a',1)", "SELECT @@warning_count", "SELECT @@error_count", "SELECT @@session.warning_count",
        "SELECT NEXTVAL(s)", "SELECT NEXT VALUE FOR s", "SELECT PREVIOUS VALUE FOR s", "SELECT LASTVAL(s)", "SELECT SETVAL(s, 5)", "SELECT s.nextval", "SELECT s.currval FROM DUAL", "SELECT CONNECTION_ID()", "SELECT @@pseudo_thread_id", "SELECT PS_CURRENT_THREAD_ID()",
        "SELECT MASTER_POS_WAIT('f', 4)", "SELECT SOURCE_POS_WAIT('f', 4)", "SELECT WAIT_FOR_EXECUTED_GTID_SET('x')", "SELECT MASTER_GTID_WAIT('0-1-1')", "SELECT WAIT_UNTIL_SQL_THREAD_AFTER_GTIDS('x')", "SELECT LOAD_FILE('/etc/x')",
        "SELECT @@gtid_executed", "SELECT @@global.server_id", "SHOW VARIABLES LIKE 'SERVER_ID'", "SHOW GLOBAL VARIABLES WHERE Variable_name = 'read_only'", "SELECT @@GLOBAL.SERVER_UUID", "SELECT * FROM processlist", "SELECT * FROM information_schema.processlist", "SELECT * FROM performance_schema.threads", "SELECT @@global.gtid_purged", "SELECT @@gtid_current_pos", "SELECT @@gtid_next", "SELECT @@last_gtid", "SELECT @@insert_id", "SELECT @@la\u017Ft_insert_id", "SELECT a FROM t PROCEDURE ANALYSE()",
        "SELECT group_replication_set_as_primary('x')", "SELECT asynchronous_connection_failover_add_source('a','b',1,'','x')", "SELECT service_get_write_locks('a','b',1)", "SELECT keyring_key_remove('a')", "SELECT spider_direct_sql('a')", "SELECT GET_LOC\u212A('a',1)",
        "WITH a AS (SELECT 1) UPDATE t SET b=1", "WITH a AS (SELECT 1) DELETE FROM t", "WITH a AS (SELECT 1) INSERT t SELECT 1", "SELECT 1 FROM (DELETE FROM t)", "SELECT @@", "SELECT @@;DELETE FROM t", "SELECT 1 \0", "SELECT 1 -- \0 FOR UPDATE",
        "SELECT 1; DELETE FROM t", "DELETE FROM t; SELECT 1", "SELECT 1; SELECT 2 FOR UPDATE", "SELECT 1; SET @a=1", "SELECT 1; BEGIN", "START TRANSACTION READ ONLY; SELECT 1", "SELECT 1;foo", "SELECT ';'; COMMIT",
        "SELECT 'abc", "SELECT \"abc", "SELECT `abc", "SELECT 1 /* abc", "SELECT 1 /*! abc", "SELECT 1 /*!99999 abc", "SELECT 'abc\\'", "SELECT @'a", "/*", "'",
    ];

    public static readonly string[] Others =
    [
        "", " ", ";", "-- x", "/* x */", "foo", "SELECT.5", "(", ")", "(DELETE FROM t)", "1", "@a", "DELIMITER //", "INSERT INTO t VALUES (1)", "INSERT t SELECT * FROM u", "REPLACE INTO t VALUES (1)", "REPLACE t SET a=1", "UPDATE t SET a=1", "DELETE FROM t",
        "DELETE FROM t RETURNING *", "TRUNCATE t", "TRUNCATE TABLE t", "LOAD DATA INFILE 'x' INTO TABLE t", "LOAD DATA LOCAL INFILE 'x' INTO TABLE t", "LOAD XML INFILE 'x' INTO TABLE t", "CALL p()", "DO SLEEP(1)", "SET a=1", "SET NAMES utf8mb4", "KILL 5",
        "SHOW WARNINGS", "SHOW ERRORS LIMIT 1", "SHOW COUNT(*) WARNINGS", "SHOW MASTER STATUS", "SHOW BINARY LOG STATUS", "SHOW BINARY LOGS", "SHOW PROCESSLIST", "SHOW FULL PROCESSLIST", "SHOW STATUS", "SHOW GLOBAL STATUS", "SHOW REPLICA STATUS", "SHOW SLAVE STATUS",
        "SHOW ALL SLAVES STATUS", "SHOW OPEN TABLES", "SHOW ENGINE INNODB STATUS", "SHOW PROFILES", "SHOW PROFILE", "SHOW TABLES WHERE a = @x", "SHOW REPLICAS", "SHOW foo", "SHOW",
        "EXPLAIN ANALYZE UPDATE t SET a=1", "EXPLAIN ANALYZE DELETE FROM t", "ANALYZE UPDATE t SET a=1", "ANALYZE DELETE FROM t", "EXPLAIN FOR CONNECTION 5", "EXPLAIN FORMAT=JSON FOR CONNECTION 5", "EXPLAIN SELECT * FROM t FOR UPDATE", "EXPLAIN FORMAT=JSON INTO @v SELECT 1",
        "EXPLAIN SELECT @a", "EXPLAIN SELECT GET_LOCK('a',1)", "EXPLAIN", "SET STATEMENT max_statement_time=1 FOR DELETE FROM t", "SET STATEMENT a=1 FOR SELECT 1 FOR UPDATE", "SET STATEMENT a=@x FOR SELECT 1", "SET STATEMENT a=1",
        "CREATE TABLE t AS SELECT 1", "HELP 'x'", "BEGIN", "START TRANSACTION", "START TRANSACTION READ WRITE", "START TRANSACTION WITH CONSISTENT SNAPSHOT", "COMMIT", "ROLLBACK", "SAVEPOINT a", "RELEASE SAVEPOINT a", "USE db", "HANDLER t OPEN", "PREPARE s FROM 'SELECT 1'", "EXECUTE s",
        "BEGIN NOT ATOMIC SELECT 1; END", "IF 1 THEN SELECT 1; END IF", "XA START 'x'", "GET DIAGNOSTICS @a = NUMBER", "/*!40101 SET NAMES utf8 */", "/*!80000 SELECT 1 */", "/*!50003 CREATE*/ /*!50017 DEFINER=`a`@`b`*/ /*!50003 TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a=1; */",
    ];
}
