using System.Text;
using DbProxy.Sql;
using Xunit;

namespace DbProxy.Tests.Sql;

public sealed class StatementKindTests
{
    public static TheoryData<string, StatementKind> Kinds { get; } = Build(
        (StatementKind.Empty, ["", ";", " ; /* x */ ;", "-- x"]),
        (StatementKind.Unknown, ["foo", "SELECT 'x", "1", "SELECT 1; SELECT `x"]),
        (StatementKind.Select, ["SELECT 1", "((SELECT 1))", "SELECT 1;;", "/*!40001 SELECT */ 1"]),
        (StatementKind.With, ["WITH a AS (SELECT 1) SELECT 1", "WITH a AS (SELECT 1) DELETE FROM t"]),
        (StatementKind.Values, ["VALUES ROW(1)"]), (StatementKind.Table, ["TABLE t"]),
        (StatementKind.Insert, ["INSERT INTO t VALUES (1)", "/*!40000 INSERT */ t VALUES (1)"]), (StatementKind.Replace, ["REPLACE t VALUES (1)"]),
        (StatementKind.Update, ["UPDATE t SET a=1"]), (StatementKind.Delete, ["DELETE FROM t"]),
        (StatementKind.LoadData, ["LOAD DATA INFILE 'x' INTO TABLE t", "LOAD XML LOCAL INFILE 'x' INTO TABLE t"]),
        (StatementKind.Ddl, ["CREATE TABLE t (a INT)", "ALTER TABLE t ADD b INT", "DROP TABLE t", "RENAME TABLE a TO b", "CREATE USER a@b",
            "CREATE PROCEDURE p() BEGIN SELECT 1; DELETE FROM t; END", "CREATE OR REPLACE DEFINER = `a`@`%` PROCEDURE p() BEGIN SELECT 1; END",
            "CREATE TRIGGER x BEFORE INSERT ON t FOR EACH ROW BEGIN SET @a=1; END", "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO BEGIN DELETE FROM t; END",
            "CREATE FUNCTION f() RETURNS INT BEGIN RETURN 1; END", "ALTER EVENT e DO BEGIN DELETE FROM t; END", "CREATE AGGREGATE FUNCTION f() RETURNS INT BEGIN RETURN 1; END"]),
        (StatementKind.Set, ["SET a=1", "SET GLOBAL a=1", "SET NAMES utf8", "/*!40101 SET NAMES utf8 */", "/*!80000 SET a=1 */;"]),
        (StatementKind.SetStatement, ["SET STATEMENT a=1 FOR SELECT 1"]), (StatementKind.Show, ["SHOW TABLES"]),
        (StatementKind.Describe, ["DESC t", "DESCRIBE t", "EXPLAIN t"]), (StatementKind.Explain, ["EXPLAIN SELECT 1", "DESC SELECT 1", "EXPLAIN UPDATE t SET a=1", "EXPLAIN FOR CONNECTION 3", "ANALYZE SELECT 1"]),
        (StatementKind.Begin, ["BEGIN", "BEGIN WORK"]), (StatementKind.StartTransaction, ["START TRANSACTION"]), (StatementKind.Commit, ["COMMIT", "COMMIT AND CHAIN"]),
        (StatementKind.Rollback, ["ROLLBACK", "ROLLBACK WORK"]), (StatementKind.RollbackToSavepoint, ["ROLLBACK TO a", "ROLLBACK WORK TO SAVEPOINT a"]),
        (StatementKind.Savepoint, ["SAVEPOINT a"]), (StatementKind.ReleaseSavepoint, ["RELEASE SAVEPOINT a"]), (StatementKind.Use, ["USE db"]), (StatementKind.Kill, ["KILL 1"]),
        (StatementKind.Call, ["CALL p(1)"]), (StatementKind.Do, ["DO 1"]), (StatementKind.Xa, ["XA START 'x'", "XA RECOVER"]), (StatementKind.LockTables, ["LOCK TABLES t READ", "LOCK TABLE t WRITE"]),
        (StatementKind.UnlockTables, ["UNLOCK TABLES"]), (StatementKind.Flush, ["FLUSH TABLES"]), (StatementKind.Prepare, ["PREPARE s FROM 'x'"]), (StatementKind.Execute, ["EXECUTE s USING @a", "EXECUTE IMMEDIATE 'x'"]),
        (StatementKind.Deallocate, ["DEALLOCATE PREPARE s", "DROP PREPARE s"]), (StatementKind.Handler, ["HANDLER t OPEN"]), (StatementKind.Truncate, ["TRUNCATE t"]), (StatementKind.GetDiagnostics, ["GET CURRENT DIAGNOSTICS @a = NUMBER"]),
        (StatementKind.Compound, ["BEGIN NOT ATOMIC SELECT 1; SELECT 2; END", "IF 1 THEN SELECT 1; END IF", "x: BEGIN NOT ATOMIC SELECT 1; END", "WHILE 0 DO SELECT 1; END WHILE"]),
        (StatementKind.Shutdown, ["SHUTDOWN", "RESTART"]),
        (StatementKind.Admin, ["ANALYZE TABLE t", "ANALYZE LOCAL TABLE t", "OPTIMIZE TABLE t", "CHECK TABLE t", "CHECKSUM TABLE t", "REPAIR TABLE t", "GRANT SELECT ON *.* TO a@b", "REVOKE ALL ON *.* FROM a@b", "CHANGE MASTER TO x=1", "RESET MASTER",
            "PURGE BINARY LOGS TO 'x'", "INSTALL PLUGIN a SONAME 'b'", "START SLAVE", "STOP REPLICA", "LOAD INDEX INTO CACHE t", "LOCK INSTANCE FOR BACKUP", "UNLOCK INSTANCE", "SIGNAL SQLSTATE '45000'", "BACKUP STAGE START"]),
        (StatementKind.Batch, ["SELECT 1; SELECT 2", "CREATE TABLE t (a INT); INSERT INTO t VALUES (1)", "BEGIN; COMMIT;", "CREATE VIEW v AS SELECT event FROM t; SELECT 1"]));

    [Theory]
    [MemberData(nameof(Kinds))]
    public void The_first_words_name_the_statement(string sql, StatementKind kind) => Assert.Equal(kind, SqlText.Classify(sql).Kind);

    [Theory]
    [InlineData("KILL 5", 5, false)]
    [InlineData("KILL CONNECTION 5;", 5, false)]
    [InlineData("KILL /* x */ QUERY 4294967295", 4294967295, true)]
    [InlineData("KILL HARD QUERY 7", 7, true)]
    [InlineData("KILL QUERY ID 7", -1, true)]
    [InlineData("KILL USER 'a'", -1, false)]
    [InlineData("KILL CONNECTION_ID()", -1, false)]
    [InlineData("KILL 5+1", -1, false)]
    [InlineData("KILL @a", -1, false)]
    [InlineData("KILL 99999999999999999999", -1, false)]
    [InlineData("KILL 5; KILL 6", -1, false)]
    [InlineData("KILL", -1, false)]
    [InlineData("SELECT 1", -1, false)]
    public void Kill_tells_its_target(string sql, long target, bool queryOnly)
    {
        var statement = SqlText.Classify(sql);
        Assert.Equal(target, statement.KillTarget);
        Assert.Equal(queryOnly, statement.KillQueryOnly);
    }

    [Theory]
    [InlineData("KILL CONNECTION_ID() ; -- end", KillForm.Connection, "CONNECTION_ID()")]
    [InlineData("KILL SOFT QUERY @a + 1 /* x */", KillForm.Query | KillForm.Soft, "@a + 1")]
    [InlineData("KILL USER 'a'@'b'", KillForm.User, "'a'@'b'")]
    [InlineData("KILL USER()", KillForm.Connection, "USER()")]
    [InlineData("KILL QUERY ID 7", KillForm.Query | KillForm.QueryId, "7")]
    [InlineData("KILL", KillForm.Connection, "")]
    [InlineData("KILL 7", KillForm.Connection, "")]
    public void Kill_tells_its_form(string sql, KillForm form, string expression)
    {
        var statement = SqlText.Classify(sql);
        Assert.Equal((form, expression), (statement.KillForm, sql[statement.KillExpression]));
    }

    [Theory]
    [InlineData("USE db", LexerModes.None, "db")]
    [InlineData("  use /* x */ `my db` ;", LexerModes.None, "my db")]
    [InlineData("USE `a``b`", LexerModes.None, "a`b")]
    [InlineData("USE \"a\"\"b\"", LexerModes.AnsiQuotes, "a\"b")]
    [InlineData("USE größe", LexerModes.None, "größe")]
    [InlineData("USE for", LexerModes.None, "for")]
    [InlineData("USE", LexerModes.None, "")]
    [InlineData("SELECT 1", LexerModes.None, "")]
    public void Use_tells_its_schema(string sql, LexerModes modes, string schema)
    {
        var bytes = Encoding.UTF8.GetBytes(sql);
        var statement = StatementClassifier.Classify(bytes, modes);
        var name = new byte[64];
        Assert.Equal(schema, Encoding.UTF8.GetString(name, 0, statement.CopySchema(bytes, name)));
        Assert.Equal(0, statement.CopySchema(bytes, name.AsSpan(0, 0)));
    }

    private static TheoryData<string, StatementKind> Build(params (StatementKind Kind, string[] Texts)[] groups)
    {
        var data = new TheoryData<string, StatementKind>();
        foreach (var (kind, texts) in groups)
        {
            foreach (var text in texts)
                data.Add(text, kind);
        }
        return data;
    }
}
