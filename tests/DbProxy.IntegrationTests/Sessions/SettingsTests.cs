using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>Settings follow a session from connection to connection, and no other session ever sees them.</summary>
public sealed class SettingsTests
{
    private static readonly (string Set, string Read, string Value)[] Settings =
    [
        ("SET sql_mode = 'ANSI_QUOTES,NO_BACKSLASH_ESCAPES'", "SELECT @@sql_mode", "ANSI_QUOTES,NO_BACKSLASH_ESCAPES"),
        ("SET time_zone = '+05:30'", "SELECT @@time_zone", "+05:30"),
        ("SET SESSION TRANSACTION ISOLATION LEVEL SERIALIZABLE", "SELECT @@transaction_isolation", "SERIALIZABLE"),
        ("SET NAMES latin1", "SELECT CONCAT(@@character_set_client, @@character_set_connection, @@character_set_results, @@collation_connection)", "latin1latin1latin1latin1_swedish_ci"),
        ("SET NAMES utf8mb4 COLLATE utf8mb4_bin", "SELECT @@collation_connection", "utf8mb4_bin"),
        ("SET character_set_results = NULL", "SELECT @@character_set_results IS NULL", "1"),
        ("SET collation_connection = utf8mb4_unicode_ci", "SELECT @@collation_connection", "utf8mb4_unicode_ci"),
        ("SET SESSION group_concat_max_len = 123", "SELECT @@group_concat_max_len", "123"),
        ("SET @@session.sort_buffer_size = 65536, @@lock_wait_timeout = 77", "SELECT CONCAT(@@sort_buffer_size, '/', @@lock_wait_timeout)", "65536/77"),
        ("SET foreign_key_checks = 0, unique_checks = 0", "SELECT CONCAT(@@foreign_key_checks + 0, @@unique_checks + 0)", "00"),
        ("SET unique_checks = 0", "SELECT @@unique_checks + 0", "0"),
        ("SET @@sql_select_limit = 5", "SELECT @@sql_select_limit", "5"),
        ("SET @@time_zone = '+09:00', @@sql_mode = ''", "SELECT CONCAT(@@time_zone, @@sql_mode)", "+09:00"),
        ("SET lc_time_names = 'de_DE'", "SELECT @@lc_time_names", "de_DE"),
        ("SET SESSION TRANSACTION READ ONLY", "SELECT @@transaction_read_only", "1"),
        ("SET optimizer_switch = 'index_merge=off'", "SELECT @@optimizer_switch LIKE 'index_merge=off%'", "1"),
        ("SET sql_select_limit = 3", "SELECT @@sql_select_limit", "3"),
    ];

    [Theory, EachFlavor]
    public async Task Each_setting_follows_its_session_to_every_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2);
        await using var untouched = await bed.OpenAsync();
        foreach (var (set, read, value) in Settings)
        {
            // MariaDB 10.11 has the older names of these two.
            var query = bed.IsMySql ? read : read.Replace("@@transaction_", "@@tx_", StringComparison.Ordinal);
            var before = await untouched.TextAsync(query);
            await using var session = await bed.OpenAsync();
            await session.RunAsync(set);
            foreach (var server in new[] { "", "", "", "/* dbproxy:primary */ " })
            {
                Assert.Equal((set, value), (set, await session.TextAsync(server + query)));
                Assert.Equal((set, before), (set, await untouched.TextAsync(server + query)));
            }
        }
    }

    [Theory, EachFlavor]
    public async Task A_collation_ends_with_the_character_set_that_it_was_named_for(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        await using var session = await bed.OpenAsync();
        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        await using var other = await bed.OpenAsync();
        foreach (var set in new[]
        {
            "SET NAMES utf8mb4 COLLATE utf8mb4_unicode_ci", "SET NAMES latin1", "SET NAMES 'utf8mb4' COLLATE 'utf8mb4_bin'", "SET NAMES utf8mb4",
            "SET collation_connection = latin1_german2_ci", "SET NAMES utf8mb4", "SET NAMES latin1 COLLATE latin1_bin", "SET character_set_connection = utf8mb4",
            "SET time_zone = '+01:00', NAMES utf8mb4 COLLATE utf8mb4_general_ci", "SET NAMES latin1; SET NAMES utf8mb4 COLLATE utf8mb4_bin", "SET CHARACTER SET latin1",
        })
        {
            await session.RunAsync(set);
            await direct.RunAsync(set);
            const string Read = "SELECT CONCAT_WS(' ', @@character_set_client, @@character_set_connection, @@collation_connection)";
            var expected = await direct.TextAsync(Read);
            for (var i = 0; i < 4; i++)
            {
                await other.RunAsync("SELECT 1");
                Assert.Equal((set, expected), (set, await session.TextAsync(Read)));
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Two_sessions_over_one_connection_never_mix(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        const string Read = "SELECT CONCAT_WS('/', @@time_zone, @@sql_mode, @@character_set_client, @@group_concat_max_len, DATABASE())";
        await using var one = await bed.OpenAsync();
        await using var two = await bed.Proxy.OpenAsync("app");
        await one.RunAsync("SET time_zone='+01:00', sql_mode='ANSI_QUOTES', group_concat_max_len=1000", "SET NAMES latin1");
        await two.RunAsync("SET time_zone='+02:00', sql_mode='', group_concat_max_len=2000", "SET NAMES utf8mb4");
        for (var i = 0; i < 10; i++)
        {
            foreach (var server in new[] { "", "", "/* dbproxy:primary */ " })
            {
                Assert.Equal($"+01:00/ANSI_QUOTES/latin1/1000/{bed.Schema}", await one.TextAsync(server + Read));
                Assert.Equal("+02:00//utf8mb4/2000/app", await two.TextAsync(server + Read));
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Parallel_sessions_with_settings_of_their_own_over_few_connections(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, who INT)");
        await Task.WhenAll(Enumerable.Range(1, 12).Select(async n =>
        {
            await using var session = await bed.OpenAsync();
            await session.RunAsync($"SET group_concat_max_len = {n * 100}, time_zone = '+00:{n + 10}'");
            for (var i = 0; i < 15; i++)
            {
                Assert.Equal($"{n * 100}/+00:{n + 10}", await session.TextAsync("SELECT CONCAT(@@group_concat_max_len, '/', @@time_zone)"));
                if (i % 5 == 0)
                {
                    await session.RunAsync("BEGIN", $"INSERT INTO t (who) VALUES ({n})");
                    Assert.Equal(n * 100, await session.NumberAsync("SELECT @@group_concat_max_len"));
                    await session.RunAsync("COMMIT");
                }
            }

            Assert.Equal(3, await session.NumberAsync($"SELECT COUNT(*) FROM t WHERE who = {n}"));
        }));
    }

    [Theory, EachFlavor]
    public async Task The_schema_follows_use_and_init_db(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        await using var session = await bed.OpenAsync();
        await using var without = await bed.Proxy.OpenAsync();
        foreach (var schema in new[] { "app", bed.Schema })
        {
            await session.RunAsync($"USE {schema}");
            for (var i = 0; i < 3; i++)
            {
                Assert.Equal(schema, await session.TextAsync("SELECT DATABASE()"));
                Assert.Null(await without.TextAsync("SELECT DATABASE()"));
            }

            await session.ChangeDatabaseAsync("information_schema");
            Assert.Equal("information_schema", await session.TextAsync("SELECT DATABASE()"));
            Assert.Equal("information_schema", await session.TextAsync("/* dbproxy:primary */ SELECT DATABASE()"));
        }

        Assert.Equal(1046, (await without.FailsAsync("SELECT * FROM t")).Number);
        var error = await session.FailsAsync("USE no_such_schema");
        Assert.Contains(error.Number, new[] { 1044, 1049 });
        Assert.Equal("information_schema", await session.TextAsync("SELECT DATABASE()"));
        await Assert.ThrowsAsync<MySqlException>(() => session.ChangeDatabaseAsync("no_such_schema"));
        Assert.Equal("information_schema", await session.TextAsync("SELECT DATABASE()"));
    }

    [Fact]
    public async Task What_mariadb_sets_for_one_statement_ends_with_it()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Pool.MaxConnections = 1, "CREATE TABLE t (id INT)", "INSERT INTO t VALUES (1), (2)");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        for (var i = 0; i < 4; i++)
        {
            Assert.Empty(await session.RowsAsync("SET STATEMENT sql_select_limit=0, time_zone='+09:00' FOR SELECT * FROM t"));
            Assert.Equal(["1", "2"], await session.RowsAsync("SELECT id FROM t ORDER BY id"));
            Assert.Equal(["0"], await session.RowsAsync("SELECT @@time_zone = '+09:00'"));
            Assert.Equal(["1", "2"], await other.RowsAsync("SELECT id FROM t ORDER BY id"));
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }

        await session.RunAsync("SET time_zone = '+03:00'; SET STATEMENT sql_select_limit=0 FOR SELECT * FROM t");
        Assert.Equal(["1", "2"], await session.RowsAsync("SELECT id FROM t ORDER BY id"));
        Assert.Equal(["+03:00"], await session.RowsAsync("SELECT @@time_zone"));
        Assert.NotEqual(["+03:00"], await other.RowsAsync("SELECT @@time_zone"));
    }

    [Theory, EachFlavor]
    public async Task A_setting_back_to_its_default_is_the_default_everywhere(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        await using var session = await bed.OpenAsync();
        var before = await session.TextAsync("SELECT CONCAT(@@sql_mode, @@time_zone)");
        await session.RunAsync("SET sql_mode = 'ANSI', time_zone = '+03:00'");
        await session.ServerIdAsync();
        await session.RunAsync("SET sql_mode = DEFAULT, time_zone = DEFAULT");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(before, await session.TextAsync("SELECT CONCAT(@@sql_mode, @@time_zone)"));
        }
    }

    [Theory, EachFlavor]
    public async Task Text_in_a_chosen_character_set_arrives_as_sent(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1, "CREATE TABLE t (v VARCHAR(50) CHARACTER SET utf8mb4)");
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await session.RunAsync("INSERT INTO t VALUES ('Grüße 🐬 漢字')");
        await other.RunAsync("SET NAMES latin1");
        await other.ServerIdAsync();
        Assert.Equal("Grüße 🐬 漢字", await session.TextAsync("SELECT v FROM t"));
        Assert.Equal(Convert.ToHexString("Grüße 🐬 漢字"u8), await other.TextAsync("/* dbproxy:primary */ SELECT HEX(v) FROM t"));
    }
}
