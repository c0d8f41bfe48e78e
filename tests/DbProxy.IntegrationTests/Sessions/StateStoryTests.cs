using System.Globalization;
using System.Text;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Differential;
using DbProxy.IntegrationTests.Differential.Generator;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>
/// Each kind of session state as a short story, told to a server and through the proxy. There another session with other
/// settings, insert ids and errors works on the same connection between any two statements, and what the session holds
/// without being pinned is taken away from it.
/// </summary>
public sealed class StateStoryTests
{
    private const Capabilities Wished = Capabilities.DeprecateEof | Capabilities.MultiResults | Capabilities.PsMultiResults | Capabilities.MultiStatements;

    private static readonly string[] Both =
    [
        "SET time_zone = '+03:00' | SELECT FROM_UNIXTIME(0) | SET @@session.time_zone = DEFAULT | SELECT FROM_UNIXTIME(0), @@time_zone",
        "SET sql_mode = 'ANSI_QUOTES' | SELECT \"n\" FROM d ORDER BY id | SET sql_mode = 'NO_BACKSLASH_ESCAPES' | SELECT 'a\\' | SELECT 'x\\', 'y' FROM d WHERE id = 1 FOR UPDATE | SET sql_mode = DEFAULT | SELECT 'a\\'b'",
        "SET sql_mode = CONCAT(@@sql_mode, ',PIPES_AS_CONCAT') | SELECT 'a' || 'b' | SELECT @@sql_mode",
        "SET TRANSACTION READ ONLY | SELECT 1 | BEGIN | INSERT INTO d (n) VALUES (1) | ROLLBACK | INSERT INTO d (n) VALUES (2) | SELECT COUNT(*) FROM d",
        "SET TRANSACTION ISOLATION LEVEL READ COMMITTED | START TRANSACTION | SELECT n FROM d WHERE id = 1 | COMMIT | START TRANSACTION | INSERT INTO d (n) VALUES (5) | ROLLBACK",
        "SET TRANSACTION READ ONLY | COMMIT | INSERT INTO d (n) VALUES (2) | SET TRANSACTION READ ONLY, ISOLATION LEVEL SERIALIZABLE | DELETE FROM d WHERE id = 1 | DELETE FROM d WHERE id = 1",
        "BEGIN | SET TRANSACTION READ ONLY | COMMIT | SET SESSION TRANSACTION READ ONLY | DELETE FROM d | SET SESSION TRANSACTION READ WRITE | DELETE FROM d WHERE id = 2",
        "BEGIN | INSERT INTO d (n) VALUES (7) | SAVEPOINT a | DELETE FROM d | ROLLBACK TO SAVEPOINT a | SELECT COUNT(*) FROM d | RELEASE SAVEPOINT a | ROLLBACK TO a | COMMIT | SELECT n FROM d ORDER BY id",
        "SET autocommit = 0 | SELECT COUNT(*) FROM d | INSERT INTO d (n) VALUES (1) | SET autocommit = 1 | SELECT COUNT(*) FROM d | SET autocommit = 0 | DELETE FROM d | ROLLBACK | SET autocommit = 1",
        "LOCK TABLES d READ, e WRITE | SELECT COUNT(*) FROM d | INSERT INTO d (n) VALUES (1) | INSERT INTO e (n) VALUES (1) | SELECT * FROM f | UNLOCK TABLES | INSERT INTO d (n) VALUES (2)",
        "LOCK TABLES d WRITE | BEGIN | INSERT INTO e (n) VALUES (3) | ROLLBACK",
        "HANDLER d OPEN | HANDLER d READ FIRST | HANDLER d READ NEXT | HANDLER d CLOSE | HANDLER d READ FIRST",
        "XA START 'story' | INSERT INTO d (n) VALUES (9) | BEGIN | XA END 'story' | XA PREPARE 'story' | XA COMMIT 'story' | SELECT COUNT(*) FROM d | XA START 'story' | DELETE FROM d | XA END 'story' | XA ROLLBACK 'story' | SELECT COUNT(*) FROM d",
        "CREATE TEMPORARY TABLE tt (id INT) | INSERT INTO tt VALUES (1) | SELECT * FROM tt | CREATE TEMPORARY TABLE d (x INT) | SELECT * FROM d | DROP TEMPORARY TABLE d | SELECT COUNT(*) FROM d | DROP TABLE tt | SELECT * FROM tt",
        "SET @x = 5, @y = 'text' | SELECT @x, @y | SELECT @x := @x + 1 | SELECT n INTO @z FROM d WHERE id = 2 | SELECT @x, @y, @z | INSERT INTO d (n) VALUES (@x) | SELECT n FROM d WHERE n = @x",
        "PREPARE p FROM 'SELECT n FROM d WHERE id = ?' | SET @id = 2 | EXECUTE p USING @id | DEALLOCATE PREPARE p | EXECUTE p USING @id",
        "INSERT INTO d (n) VALUES (1), (2), (3) | SELECT LAST_INSERT_ID() | INSERT INTO e (n) VALUES (LAST_INSERT_ID()) | SELECT LAST_INSERT_ID() | SELECT n FROM e ORDER BY id | SELECT LAST_INSERT_ID(99) | SELECT LAST_INSERT_ID() | INSERT INTO d (id, n) VALUES (70, 1) | SELECT LAST_INSERT_ID()",
        "UPDATE d SET n = LAST_INSERT_ID(n + 40) WHERE id = 3 | SELECT LAST_INSERT_ID() | UPDATE d SET n = LAST_INSERT_ID(n + 40) WHERE id = 300 | SELECT LAST_INSERT_ID() | INSERT INTO d (u) VALUES (1) | SELECT LAST_INSERT_ID() | CALL inserts() | SELECT LAST_INSERT_ID()",
        "BEGIN | INSERT INTO d (id, n) VALUES (80, 1) | INSERT INTO d (n) VALUES (1) | INSERT INTO d (id, n) VALUES (90, 1) | SELECT LAST_INSERT_ID() | COMMIT | SELECT LAST_INSERT_ID()",
        "SET SESSION group_concat_max_len = 8 | SELECT GROUP_CONCAT(s ORDER BY id) FROM d | SET @@session.group_concat_max_len = DEFAULT | SELECT @@group_concat_max_len | SET @@local.div_precision_increment = 2 | SELECT 1/3 | SET div_precision_increment = DEFAULT | SELECT 1/3",
        "SET GLOBAL div_precision_increment = 5 | SELECT @@div_precision_increment | SET PASSWORD FOR 'nobody'@'nowhere' = 'x' | SELECT 1",
        "USE app | SELECT DATABASE() | SELECT COUNT(*) FROM {schema}.d | USE {schema} | SELECT COUNT(*) FROM d | CREATE SCHEMA {schema}_2 | USE {schema}_2 | DROP SCHEMA {schema}_2 | SELECT DATABASE() | SELECT 1 | SELECT * FROM d | USE {schema} | SELECT COUNT(*) FROM d",
        "SELECT sets_variable(5) | SELECT @from_function | INSERT INTO d (n) VALUES (@from_function) | SELECT n FROM d ORDER BY id",
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | SELECT sets_variable(5) | SELECT COUNT(*) FROM d | COMMIT | SELECT @from_function | INSERT INTO d (n) VALUES (@from_function) | SELECT n FROM d ORDER BY id",
        "START TRANSACTION READ ONLY | SET @r = 3, @s = '42', @t = NULL | SELECT @r | COMMIT | INSERT INTO d (n, s) VALUES (@r, @s) | SELECT @r, @s, @t | SELECT n, s FROM d ORDER BY id",
        "SELECT GET_LOCK('story', 1) | SELECT IS_USED_LOCK('story') IS NULL | SELECT RELEASE_LOCK('story') | SELECT RELEASE_LOCK('story')",
        "SET NAMES latin1 | SELECT HEX('ä') | SET NAMES gbk | SELECT '\u00d5\\' | SET CHARACTER SET utf8mb4 | SELECT @@character_set_client, @@collation_connection",
        "SET NAMES latin1 | SELECT 'd' AS x FROM d LIMIT 1 | SET character_set_results = NULL | SELECT HEX(s) FROM d ORDER BY id",
        "SET ROLE NONE | SELECT CURRENT_ROLE() | SET DEFAULT ROLE NONE TO CURRENT_USER | SET ROLE no_such_role | SELECT CURRENT_ROLE()",
        "CREATE TABLE x (id INT AUTO_INCREMENT PRIMARY KEY) SELECT 5 AS n | SELECT LAST_INSERT_ID() | DROP TABLE x",
    ];

    // What the statement before left can only be asked for where nothing came in between: these are not disturbed by force.
    private static readonly string[] Undisturbed =
    [
        "SELECT CAST('x' AS SIGNED) FROM d LIMIT 1 | SHOW WARNINGS | SHOW COUNT(*) WARNINGS | SELECT @@warning_count",
        "SELECT * FROM nowhere | SHOW ERRORS | SHOW WARNINGS | SELECT @@error_count | SELECT COUNT(*) FROM d | SHOW WARNINGS",
        "SELECT CAST('x' AS SIGNED) FROM d LIMIT 1 | GET DIAGNOSTICS @n = NUMBER | SELECT @n | INSERT INTO d (n) VALUES (@n) | SELECT n FROM d ORDER BY id",
        "SELECT * FROM nowhere | GET DIAGNOSTICS CONDITION 1 @code = MYSQL_ERRNO, @state = RETURNED_SQLSTATE, @text = MESSAGE_TEXT | SELECT @code, @state, @text",
        "INSERT IGNORE INTO d (u, n) VALUES (1, 1) | SHOW WARNINGS | UPDATE d SET n = 4 WHERE id > 1 | SELECT ROW_COUNT() | SELECT ROW_COUNT() | SELECT id FROM d | SELECT ROW_COUNT() | DELETE FROM d WHERE id = 77 | SELECT ROW_COUNT()",
        "SELECT SQL_CALC_FOUND_ROWS id FROM d ORDER BY id LIMIT 1 | SELECT FOUND_ROWS() | SELECT id FROM d ORDER BY id LIMIT 2 | SELECT FOUND_ROWS()",
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | ALTER TABLE d COMMENT = 'c' | INSERT INTO d (n) VALUES (6) | ROLLBACK | SELECT n FROM d ORDER BY id",
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | SET CHARACTER SET latin1 | SELECT COUNT(*) FROM d | COMMIT | INSERT INTO d (n) VALUES (6) | SELECT @@character_set_client, @@collation_connection",
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | UNLOCK TABLES | INSERT INTO d (n) VALUES (6) | COMMIT | INSERT INTO d (n) VALUES (6)",
        "SET SESSION TRANSACTION READ ONLY | BEGIN | SELECT COUNT(*) FROM d | ALTER TABLE d COMMENT = 'c' | SELECT COUNT(*) FROM d | ROLLBACK",
        "SELECT id FROM d ORDER BY id LIMIT 1 | GET DIAGNOSTICS @n = NUMBER | SELECT CAST('x' AS SIGNED) FROM d LIMIT 1 | SHOW WARNINGS | INSERT INTO d (n) VALUES (@n)",
        "CALL warns() | SHOW WARNINGS | CALL fails() | SHOW WARNINGS | DROP TABLE IF EXISTS never_there | SHOW WARNINGS",
    ];

    private static readonly string[] MariaDbOnly =
    [
        "INSERT INTO d (n) VALUES (4) RETURNING id | SELECT LAST_INSERT_ID() | INSERT INTO d (id, n) VALUES (77, 4) RETURNING id | SELECT LAST_INSERT_ID()",
        "INSERT INTO d (n) VALUES (4) RETURNING id | SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id | SELECT LAST_INSERT_ID()",
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | BEGIN | INSERT INTO d (n) VALUES (6) | COMMIT",
        "SELECT NEXTVAL(seq) | SELECT LASTVAL(seq) | SELECT SETVAL(seq, 20) | SELECT NEXT VALUE FOR seq | SELECT PREVIOUS VALUE FOR seq",
        "SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id | SELECT id FROM d ORDER BY id | CALL for_one() | SELECT id FROM d ORDER BY id | INSERT INTO d (n) VALUES (4)",
        "BEGIN NOT ATOMIC SET STATEMENT sql_select_limit = 1 FOR SELECT id FROM d ORDER BY id; END | SELECT id FROM d ORDER BY id | BEGIN NOT ATOMIC SET @q = 3; INSERT INTO d (n) VALUES (@q); END | SELECT @q, LAST_INSERT_ID()",
        "SET STATEMENT sql_mode = 'ANSI_QUOTES' FOR SELECT \"n\" FROM d ORDER BY id | SELECT \"n\" FROM d LIMIT 1 | EXECUTE IMMEDIATE 'SET sql_mode = ''ANSI_QUOTES''' | SELECT \"n\" FROM d ORDER BY id",
        "SET @@sql_mode = 'ANSI_QUOTES' | SELECT \"n\" FROM d ORDER BY id | SET @@character_set_client = latin1 | SELECT @@character_set_client",
    ];

    private static readonly string[] MySqlOnly =
    [
        "START TRANSACTION READ ONLY | SELECT COUNT(*) FROM d | BEGIN | COMMIT | INSERT INTO d (n) VALUES (6)",
        "SET PERSIST div_precision_increment = 5 | SET RESOURCE GROUP no_such | SELECT 1",
        "TABLE d ORDER BY id | VALUES ROW(1, 2) | SELECT n FROM d WHERE id = 1 FOR SHARE | WITH c AS (SELECT id FROM d) SELECT * FROM c ORDER BY id FOR UPDATE",
    ];

    [Theory, EachFlavor]
    public async Task Every_kind_of_state_follows_its_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, StreamPlayer.NoiseTable,
            "CREATE FUNCTION sets_variable(x INT) RETURNS INT DETERMINISTIC NO SQL BEGIN SET @from_function = x + 1; RETURN x; END",
            "CREATE PROCEDURE inserts() INSERT INTO d (n) VALUES (55)");
        var player = new StreamPlayer(bed, flavor);
        var report = new StringBuilder();
        string[] own = bed.IsMySql ? MySqlOnly : MariaDbOnly;
        foreach (var (story, forced) in Both.Concat(own).Select(s => (s, true)).Concat(Both.Concat(own).Concat(Undisturbed).Select(s => (s, false))))
        {
            List<StreamItem> items = [];
            foreach (var sql in story.Replace("{schema}", bed.Schema, StringComparison.Ordinal).Split(" | "))
            {
                items.Add(new(null, new(forced, items.Count * 31)));
                items.Add(new(Step.Query(sql), null));
            }

            if (await player.CompareAsync(items, Wished) is { } difference)
            {
                report.Append(CultureInfo.InvariantCulture, $"{story}{(forced ? " (its connection taken away)" : "")}\n  {items[difference.Index]}{difference}\n");
            }
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    /// <summary>Without DEPRECATE_EOF a server has no room at the end of a result to tell that the session's state has changed.</summary>
    [Theory, EachFlavor]
    public async Task What_a_stored_function_leaves_stays_with_its_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, StreamPlayer.NoiseTable,
            "CREATE FUNCTION sets_variable(x INT) RETURNS INT DETERMINISTIC NO SQL BEGIN SET @from_function = x + 1; RETURN x; END");
        var player = new StreamPlayer(bed, flavor);
        string[] asked =
        [
            "SELECT sets_variable(id), CAST('x' AS SIGNED) FROM d LIMIT 1 | SHOW WARNINGS | SELECT @from_function",
            "SELECT sets_variable(id) FROM d ORDER BY id | SELECT ROW_COUNT()",
            "SELECT SQL_CALC_FOUND_ROWS sets_variable(id) FROM d ORDER BY id LIMIT 1 | SELECT FOUND_ROWS()",
        ];
        foreach (var (story, deprecateEof) in Both.Where(s => s.Contains("sets_variable", StringComparison.Ordinal)).Concat(asked).SelectMany(s => new[] { (s, false), (s, true) }))
        {
            List<StreamItem> items = [];
            foreach (var sql in story.Split(" | "))
            {
                items.Add(new(null, new(false, items.Count)));
                items.Add(new(Step.Query(sql), null));
            }

            var difference = await player.CompareAsync(items, deprecateEof ? Wished : Wished & ~Capabilities.DeprecateEof);
            Assert.True(difference is null, $"{story} (DEPRECATE_EOF: {deprecateEof})\n  {items[difference?.Index ?? 0]}{difference}");
        }
    }

    [Theory, EachFlavor]
    public async Task Roles_follow_their_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, StreamPlayer.NoiseTable);
        var name = $"{bed.Schema}_user";
        var role = $"{bed.Schema}_role";
        await bed.OnPrimaryAsync(
            $"CREATE USER {name}@'%' IDENTIFIED BY 'secret'", $"CREATE ROLE {role}", $"GRANT ALL ON {bed.Schema}.* TO {name}@'%'", $"GRANT SELECT ON app.* TO {role}", $"GRANT {role} TO {name}@'%'");
        try
        {
            var player = new StreamPlayer(bed, flavor, new ClusterAccount(name, "secret"));
            foreach (var story in (string[])
            [
                $"SELECT CURRENT_ROLE() | USE app | SET ROLE {role} | SELECT CURRENT_ROLE() | USE app | SELECT DATABASE() | USE {bed.Schema} | SET ROLE NONE | SELECT CURRENT_ROLE() | USE app",
                $"SET DEFAULT ROLE {role}{(bed.IsMySql ? $" TO {name}@'%'" : "")} | SELECT CURRENT_ROLE() | SELECT 1 | SET DEFAULT ROLE NONE{(bed.IsMySql ? $" TO {name}@'%'" : "")} | SELECT CURRENT_ROLE()",
            ])
            {
                List<StreamItem> items = [];
                foreach (var sql in story.Split(" | "))
                {
                    items.Add(new(null, new(true, items.Count)));
                    items.Add(new(Step.Query(sql), null));
                }

                var difference = await player.CompareAsync(items, Wished);
                Assert.True(difference is null, $"{story}\n  {items[difference?.Index ?? 0]}{difference}");
            }
        }
        finally
        {
            await bed.OnPrimaryAsync($"DROP USER {name}@'%'", $"DROP ROLE {role}");
        }
    }

    [Theory, EachFlavor]
    public async Task A_prepared_xa_transaction_outlives_its_session(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, "CREATE TABLE t (id INT PRIMARY KEY)");
        var xid = $"'{bed.Schema}'";
        await using (var first = await bed.OpenAsync())
        {
            await first.RunAsync($"XA START {xid}", "INSERT INTO t VALUES (1)", $"XA END {xid}", $"XA PREPARE {xid}");
        }

        await using var second = await bed.OpenAsync();
        Assert.Equal(0, await second.NumberAsync("/* dbproxy:primary */ SELECT COUNT(*) FROM t"));
        await second.RunAsync($"XA COMMIT {xid}");
        Assert.Equal(1, await second.NumberAsync("/* dbproxy:primary */ SELECT COUNT(*) FROM t"));
    }

    [Theory, EachFlavor]
    public async Task Flush_tables_with_read_lock_holds_until_unlock_tables(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Configure, "CREATE TABLE t (id INT)");
        await using var locks = await bed.OpenAsync(b => (b.UserID, b.Password) = (bed.Cluster.Root.User, bed.Cluster.Root.Password));
        await using var other = await bed.OpenAsync();
        await other.RunAsync("SET lock_wait_timeout = 1");
        await locks.RunAsync("FLUSH TABLES t WITH READ LOCK");
        await locks.RunAsync("SELECT 1");
        Assert.Equal(1205, (await other.FailsAsync("INSERT INTO t VALUES (1)")).Number);
        Assert.Equal(0, await locks.NumberAsync("SELECT COUNT(*) FROM t"));
        await locks.RunAsync("UNLOCK TABLES");
        await other.RunAsync("INSERT INTO t VALUES (1)");
        Assert.Equal(0, bed.Proxy.Context.Sessions.Find((ulong)locks.ServerThread)!.State.Pins is 0 ? 0 : 1);
    }

    private static void Configure(ProxyOptions options)
    {
        // One for the session's pin, one for the other session.
        options.Pool.MaxConnections = options.Pool.MaxIdle = 2;
        options.Pool.HoldTimeout = TimeSpan.FromMinutes(1);
        options.Routing.CausalReads = CausalReadsMode.Global;
    }
}
