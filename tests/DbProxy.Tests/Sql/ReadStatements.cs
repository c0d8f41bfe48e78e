namespace DbProxy.Tests.Sql;

/// <summary>Statements that any fresh replica may answer.</summary>
internal static class ReadStatements
{
    public static readonly string[] All =
    [
        "SELECT 1", "select 1", "SeLeCt 1;", "SELECT 1 ; ; /* x */ -- y", "SELECT c FROM sbtest1 WHERE id=50123",
        "(SELECT 1)", "((SELECT 1))", "(SELECT 1) UNION (SELECT 2) ORDER BY 1 LIMIT 1", "SELECT 1 UNION ALL SELECT 2",
        "(SELECT 1) UNION SELECT 2", "SELECT 1 INTERSECT SELECT 1 EXCEPT SELECT 2",
        "WITH a AS (SELECT 1) SELECT * FROM a", "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i+1 FROM n WHERE i<5) SELECT * FROM n",
        "(WITH a AS (SELECT 1) SELECT * FROM a)", "VALUES ROW(1,2), ROW(3,4)", "VALUES (1,2),(3,4)", "TABLE t", "TABLE t ORDER BY a LIMIT 3",
        "SELECT * FROM (SELECT * FROM t) x WHERE EXISTS (SELECT 1 FROM u)", "SELECT DISTINCT a FROM t GROUP BY a WITH ROLLUP HAVING a > 1",
        "SELECT * FROM t WHERE d = ? AND e IN (?,?)", "SELECT 'FOR UPDATE'", "SELECT \"INTO OUTFILE\" FROM t", "SELECT `for` `update` FROM t",
        "SELECT 'it''s; DELETE FROM t' FROM t", "SELECT 'a\\'b; DELETE FROM t' FROM t", "SELECT \"a\"\"b; DELETE\" FROM t",
        "SELECT `a``b; DELETE` FROM t", "SELECT N'x', _utf8mb4'y', x'4D', 0x4D, b'01', 0b01, 1e5, .5, 1., 1.5e-3, -1",
        "SELECT t.for, t.update, t.into FROM t", "SELECT for.a, into.b FROM `for`, `into`", "SELECT t.get_lock FROM t",
        "SELECT get_lock FROM t", "SELECT found_rows, last_insert_id FROM t", "SELECT 1for, 2into FROM t", "SELECT $into FROM t",
        "SELECT größe, имя FROM tábla WHERE ключ = 'ü'", "SELECT a AS update_me, lock_in FROM t", "SELECT 1 /* FOR UPDATE */",
        "SELECT 1 -- FOR UPDATE", "SELECT 1 # FOR UPDATE", "SELECT 1 # FOR UPDATE\n, 2", "SELECT 5--3", "SELECT 1 --", "SELECT 1 /**/",
        "SELECT /*+ SET_VAR(sort_buffer_size=16M) INDEX(t i) */ * FROM t", "SELECT /*+ BKA(`t`) */ * FROM t",
        "SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`", "SELECT /*! STRAIGHT_JOIN */ * FROM t, u", "SELECT 1 /*!80000 + 1 */",
        "SELECT /*M!100400 DISTINCT */ a FROM t", "SELECT /*! a /* plain */ , */ b FROM t", "/*!SELECT 1*/",
        "SELECT SUBSTRING(a FROM 1 FOR 2), TRIM(LEADING 'x' FROM b) FROM t", "SELECT * FROM t USE INDEX FOR ORDER BY (i)",
        "SELECT * FROM t FOR SYSTEM_TIME AS OF NOW()", "SELECT REPLACE(a,'x','y'), INSERT(a,1,2,'z') FROM t",
        "SELECT REPLACE (a,'x','y') FROM t", "SELECT SLEEP(1), BENCHMARK(1,2), UUID(), RAND(), UUID_SHORT()", "SELECT NOW(), CURRENT_USER(), DATABASE(), VERSION()",
        "SELECT my_function(1)", "SELECT db.my_function(1)", "SELECT COUNT(*), MAX(a) FROM t", "SELECT VALUES(a) FROM t", "SELECT CAST(a AS CHAR CHARACTER SET utf8mb4)",
        "SELECT @@version", "SELECT @@global.max_connections, @@session.sql_mode", "SELECT @@`time_zone`", "SELECT @@server_id", "SELECT @@hostname, @@read_only",
        "SELECT @@max_allowed_packet, @@transaction_isolation, @@autocommit",
        "SELECT a->'$.x', b->>'$.y', a <=> b, a = NULL IS NULL FROM t", "SELECT \\N", "SELECT {ts '2020-01-01 00:00:00'}, {fn NOW()}",
        "SELECT ':=', '@x', '?' FROM t", "SELECT 'a' 'b'", "SELECT * FROM t LIMIT 5,10", "SELECT * FROM t LIMIT 10 OFFSET 5", "SELECT 1 FROM DUAL",
        "SELECT * FROM t PARTITION (p0)", "SELECT ROW_NUMBER() OVER (PARTITION BY a ORDER BY b) FROM t", "SELECT JSON_EXTRACT(j, '$.a') FROM t",
        "SELECT GTID_SUBSET('a','b')", "SELECT share, value, count, event FROM t", "SELECT * FROM event, `function`", "SELECT/**/1/**/;",
        "\n\t SELECT\r\n1\f\v", "# c\nSELECT 1", "-- c\nSELECT 1", "/* a */ /* b */ SELECT 1", ";;SELECT 1", "SELECT(1)", "SELECT .5", "SELECT 'x'FROM t", "SELECT`a`FROM`t`",
        "SHOW DATABASES", "SHOW SCHEMAS LIKE 'a%'", "SHOW TABLES", "SHOW FULL TABLES FROM db", "SHOW EXTENDED FULL COLUMNS FROM t", "SHOW COLUMNS FROM t FROM db",
        "SHOW FIELDS FROM t", "SHOW CREATE TABLE t", "SHOW CREATE PROCEDURE p", "SHOW CREATE USER 'a'@'b'", "SHOW INDEX FROM t", "SHOW KEYS FROM t", "SHOW INDEXES IN t",
        "SHOW TABLE STATUS", "SHOW TRIGGERS", "SHOW EVENTS", "SHOW PROCEDURE STATUS", "SHOW FUNCTION STATUS", "SHOW FUNCTION CODE f", "SHOW CHARACTER SET", "SHOW CHARSET",
        "SHOW COLLATION", "SHOW ENGINES", "SHOW STORAGE ENGINES", "SHOW PLUGINS", "SHOW PRIVILEGES", "SHOW GRANTS", "SHOW GRANTS FOR 'a'@'b'", "SHOW GRANTS FOR a@b",
        "SHOW VARIABLES LIKE 'x'", "SHOW SESSION VARIABLES", "SHOW GLOBAL VARIABLES WHERE Variable_name = 'x'",
        "DESCRIBE t", "DESC t", "DESC `t` 'a%'", "EXPLAIN t", "DESC db.t c", "EXPLAIN SELECT 1", "DESC SELECT 1", "DESCRIBE FORMAT=JSON SELECT 1", "EXPLAIN FORMAT = TREE SELECT * FROM t",
        "EXPLAIN EXTENDED SELECT 1", "EXPLAIN PARTITIONS SELECT 1", "EXPLAIN ANALYZE SELECT * FROM t", "EXPLAIN ANALYZE FORMAT=TREE SELECT 1", "EXPLAIN (SELECT 1)", "EXPLAIN WITH a AS (SELECT 1) SELECT * FROM a",
        "EXPLAIN TABLE t", "EXPLAIN VALUES ROW(1)", "EXPLAIN UPDATE t SET a=1", "EXPLAIN DELETE FROM t", "EXPLAIN INSERT INTO t VALUES (1)", "EXPLAIN REPLACE INTO t SELECT * FROM u", "EXPLAIN FOR SCHEMA db SELECT 1",
        "ANALYZE SELECT * FROM t", "ANALYZE FORMAT=JSON SELECT * FROM t", "SET STATEMENT max_statement_time=1 FOR SELECT * FROM t",
        "SELECT 1; SELECT 2", "SELECT 1; SHOW TABLES; DESC t;",
    ];
}
