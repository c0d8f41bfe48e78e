using DbProxy.Sql;
using Xunit;
using static DbProxy.Sql.StatementTraits;

namespace DbProxy.Tests.Sql;

public sealed class StatementTraitsTests
{
    public static TheoryData<string, StatementTraits> Exact { get; } = new()
    {
        { "SELECT 1", None }, { "INSERT INTO t VALUES (1)", None }, { "UPDATE t SET a=1", None }, { "SHOW TABLES", None }, { "CALL p(1)", None },
        { "SELECT 1 FOR UPDATE", LocksRows }, { "SELECT 1 LOCK IN SHARE MODE", LocksRows }, { "INSERT INTO t SELECT * FROM u FOR SHARE", LocksRows },
        { "SELECT @a", ReadsUserVariables }, { "UPDATE t SET a=@x", ReadsUserVariables }, { "SELECT @a := 1", ReadsUserVariables | AssignsUserVariables },
        { "SELECT 1 INTO @a", AssignsUserVariables }, { "SELECT 1, 2 INTO @a, @b", AssignsUserVariables }, { "SELECT @b INTO @a", ReadsUserVariables | AssignsUserVariables },
        { "SET @a = 1", AssignsUserVariables }, { "SET @a := @b", AssignsUserVariables | ReadsUserVariables }, { "SET a = @b", ReadsUserVariables }, { "SET a=1, @b=2", AssignsUserVariables },
        { "CALL p(@a)", ReadsUserVariables | AssignsUserVariables }, { "LOAD DATA INFILE 'x' INTO TABLE t (a, @b)", ReadsUserVariables | AssignsUserVariables },
        { "GET DIAGNOSTICS @a = NUMBER", Diagnostics | AssignsUserVariables | ReadsUserVariables },
        { "SELECT LAST_INSERT_ID()", LastInsertId }, { "SELECT LAST_INSERT_ID( /* x */ )", LastInsertId }, { "SELECT @@identity", LastInsertId }, { "UPDATE t SET a=LAST_INSERT_ID(a+1)", SetsLastInsertId },
        { "INSERT INTO t VALUES (LAST_INSERT_ID())", LastInsertId }, { "SET last_insert_id = 5", SetsLastInsertId }, { "SET @@identity = 5", SetsLastInsertId | SetsUnscoped }, { "SET SESSION LAST_INSERT_ID = 5", SetsLastInsertId },
        { "SELECT FOUND_ROWS()", FoundRows }, { "SELECT SQL_CALC_FOUND_ROWS 1", CalcFoundRows }, { "SELECT ROW_COUNT()", RowCount },
        { "SHOW WARNINGS", Diagnostics }, { "SHOW COUNT(*) ERRORS", Diagnostics }, { "SELECT @@error_count", Diagnostics },
        { "SELECT GET_LOCK('a',1)", NamedLock }, { "DO RELEASE_LOCK('a')", NamedLock }, { "SELECT RELEASE_ALL_LOCKS()", NamedLock }, { "SET @a = GET_LOCK('a',1)", NamedLock | AssignsUserVariables }, { "INSERT INTO t VALUES (IS_FREE_LOCK('a'))", NamedLock },
        { "SELECT service_get_read_locks('a','b',1)", NamedLock },
        { "CREATE TEMPORARY TABLE t (a INT)", TemporaryTable }, { "DROP TEMPORARY TABLE t", TemporaryTable }, { "CREATE OR REPLACE TEMPORARY TABLE t (a INT)", TemporaryTable }, { "CREATE /*!40000 TEMPORARY */ TABLE t (a INT)", TemporaryTable },
        { "CREATE TABLE temporary_x (temporary INT)", ImplicitCommit }, { "CREATE TABLE t AS SELECT @a", ImplicitCommit | ReadsUserVariables }, { "ALTER TABLE t ADD b INT", ImplicitCommit }, { "DROP TABLE t", ImplicitCommit }, { "TRUNCATE t", ImplicitCommit },
        { "CREATE USER 'a'@'b'", ImplicitCommit }, { "GRANT SELECT ON d.* TO a@b", ImplicitCommit }, { "CREATE DEFINER=`a`@`b` VIEW v AS SELECT 1", ImplicitCommit }, { "DROP USER a@b, c@d", ImplicitCommit },
        { "CREATE PROCEDURE p() BEGIN SET @a=1; SELECT GET_LOCK('a',1); END", ImplicitCommit }, { "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW SET @a = 1", ImplicitCommit },
        { "LOCK TABLES t WRITE", LocksTables | ImplicitCommit }, { "UNLOCK TABLES", UnlocksTables | ImplicitCommit }, { "FLUSH TABLES", ImplicitCommit }, { "FLUSH TABLES WITH READ LOCK", GlobalReadLock | ImplicitCommit },
        { "FLUSH LOCAL TABLES a, b WITH READ LOCK", GlobalReadLock | ImplicitCommit }, { "FLUSH TABLES t FOR EXPORT", GlobalReadLock | ImplicitCommit }, { "LOCK INSTANCE FOR BACKUP", GlobalReadLock }, { "UNLOCK INSTANCE", UnlocksTables },
        { "SET TRANSACTION ISOLATION LEVEL READ COMMITTED", NextTransaction }, { "SET TRANSACTION READ ONLY", NextTransaction }, { "SET @@transaction_isolation = 'SERIALIZABLE'", NextTransaction | SetsUnscoped }, { "SET @@tx_read_only = 1", NextTransaction | SetsUnscoped },
        { "SET @@sql_mode = ''", SetsUnscoped }, { "SET a = 1, @@b = 2", SetsUnscoped }, { "SET @@session.a = 1, @@local.b = 2, SESSION c = 3, d = 4", None },
        { "SET SESSION TRANSACTION READ ONLY", None }, { "SET LOCAL TRANSACTION ISOLATION LEVEL READ COMMITTED, READ ONLY", None }, { "SET @@session.transaction_isolation = 'SERIALIZABLE'", None }, { "SET transaction_isolation = 'SERIALIZABLE'", None },
        { "SET GLOBAL TRANSACTION READ ONLY", SetsGlobal }, { "SET GLOBAL a=1", SetsGlobal }, { "SET @@global.a=1", SetsGlobal }, { "SET @@GLOBAL . a=1", SetsGlobal }, { "SET PERSIST a=1", SetsGlobal }, { "SET @@persist_only.a=1", SetsGlobal }, { "SET a=1, GLOBAL b=2", SetsGlobal },
        { "SET a=1", None }, { "SET NAMES utf8mb4 COLLATE utf8mb4_bin", None }, { "SET sql_mode='ANSI_QUOTES', time_zone='+00:00'", None }, { "SET a = (SELECT 1, 2)", None }, { "SET a = @@global.b", None },
        { "SET autocommit=0", SetsAutocommit }, { "SET @@session.autocommit = 1", SetsAutocommit }, { "SET SESSION autocommit=1", SetsAutocommit }, { "SET a=1, autocommit=0", SetsAutocommit }, { "SET GLOBAL autocommit=1", SetsGlobal },
        { "SET ROLE ALL", SetsUntracked }, { "SET DEFAULT ROLE a TO b@c", SetsUntracked }, { "SET RESOURCE GROUP g", SetsUntracked }, { "SET PASSWORD = 'x'", SetsUntracked | ImplicitCommit }, { "SET PASSWORD FOR 'a'@'b' = 'x'", SetsUntracked | ImplicitCommit },
        { "SET gtid_next='AUTOMATIC'", SetsUntracked }, { "SET insert_id=5", SetsUntracked }, { "SET @@session.rand_seed1=1", SetsUntracked }, { "SET pseudo_thread_id=1", SetsUntracked },
        { "PREPARE s FROM 'x'", SqlPrepared }, { "PREPARE s FROM @a", SqlPrepared | ReadsUserVariables }, { "EXECUTE s", SqlPrepared }, { "DEALLOCATE PREPARE s", SqlPrepared }, { "DROP PREPARE s", SqlPrepared }, { "EXECUTE IMMEDIATE 'x'", SqlPrepared },
        { "INSERT INTO t (a) VALUES (1) RETURNING id", SetsLastInsertId }, { "DELETE FROM t RETURNING id", None }, { "RESET MASTER", ImplicitCommit }, { "RESET PERSIST", None }, { "RESET PERSIST IF EXISTS a", None },
        { "HANDLER t OPEN", Handler }, { "BEGIN", BeginsTransaction | ImplicitCommit }, { "START TRANSACTION READ ONLY", BeginsTransaction | ImplicitCommit }, { "COMMIT", EndsTransaction }, { "ROLLBACK", EndsTransaction }, { "ROLLBACK TO a", None }, { "SAVEPOINT a", None },
        { "COMMIT AND CHAIN", EndsTransaction | BeginsTransaction }, { "COMMIT AND NO CHAIN", EndsTransaction }, { "ROLLBACK RELEASE", EndsTransaction | ReleasesConnection }, { "COMMIT NO RELEASE", EndsTransaction },
        { "XA START 'x'", XaTransaction | BeginsTransaction }, { "XA PREPARE 'x'", XaTransaction }, { "XA COMMIT 'x' ONE PHASE", XaTransaction | EndsTransaction }, { "XA RECOVER", XaTransaction },
        { "SELECT 1 INTO OUTFILE 'x'", IntoFile }, { "SELECT 1 INTO DUMPFILE 'x'", IntoFile }, { "SELECT CONNECTION_ID()", ConnectionId }, { "SELECT @@pseudo_thread_id", ConnectionId },
        { "SELECT @@server_id", ServerSpecific }, { "SELECT @@global.read_only", ServerSpecific }, { "SHOW STATUS", ServerSpecific }, { "SELECT @@version", None },
        { "SELECT 1; SELECT 2", MultiStatement }, { "SELECT @a; SET @b=1", MultiStatement | ReadsUserVariables | AssignsUserVariables }, { "SELECT 1;", None }, { "BEGIN; COMMIT", MultiStatement | BeginsTransaction | EndsTransaction | ImplicitCommit },
        { "SELECT f(1)", CallsStoredFunction }, { "SELECT app.f(1)", CallsStoredFunction }, { "SELECT `f` (1)", CallsStoredFunction }, { "SELECT a FROM t WHERE a IN (SELECT g(b) FROM u)", CallsStoredFunction }, { "WITH c AS (SELECT f()) SELECT * FROM c", CallsStoredFunction },
        { "SELECT COUNT(*), MAX(a), NOW(), CONCAT('a', `trim`(b)) FROM t JOIN u USING (id) WHERE a IN (1, 2) AND (b = 1 OR EXISTS (SELECT 1)) AND a > ANY (SELECT 1)", None },
        { "SELECT a FROM t USE INDEX (i) WHERE CAST(a AS DECIMAL(5)) BETWEEN (1) AND (2) UNION (SELECT ROW_NUMBER() OVER (PARTITION BY a) FROM t) LIMIT 1", None },
        { "INSERT INTO t (a) VALUES (f(1))", None }, { "CALL p(f(1))", None }, { "DO f(1)", None },
        { "SELECT 1 /*!80000 FOR UPDATE */", LocksRows | Ambiguous }, { "SELECT 1 /*! FOR UPDATE */", LocksRows }, { "SELECT 1 /*!80000 + 1 */", None },
        { "BEGIN NOT ATOMIC CREATE TEMPORARY TABLE x (a INT); SET @a=1; END", TemporaryTable | ReadsUserVariables }, { "SET STATEMENT a=1 FOR SELECT GET_LOCK('a',1)", NamedLock | SetsForStatement },
    };

    [Theory]
    [MemberData(nameof(Exact))]
    public void A_statement_has_exactly_these_traits(string sql, StatementTraits traits)
    {
        Assert.Equal(traits, SqlText.Classify(sql).Traits);
        Assert.Equal(traits, SqlText.Classify(sql.ToLowerInvariant()).Traits);
    }

    [Fact]
    public void Has_asks_for_all_and_HasAny_for_one()
    {
        var statement = SqlText.Classify("COMMIT AND CHAIN");
        Assert.True(statement.Has(BeginsTransaction | EndsTransaction));
        Assert.False(statement.Has(BeginsTransaction | LocksRows));
        Assert.True(statement.HasAny(BeginsTransaction | LocksRows));
        Assert.False(statement.HasAny(LocksRows | NamedLock));
    }
}
