using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Prepared;

public sealed class PreparedTests
{
    [Theory, EachFlavor]
    public async Task All_common_types_go_both_ways(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null,
            "CREATE TABLE t (id INT PRIMARY KEY, a TINYINT, b SMALLINT UNSIGNED, c BIGINT, d BIGINT UNSIGNED, e FLOAT, f DOUBLE, g DECIMAL(30,10), h DATE, "
            + "i DATETIME(6), j TIME(6), k VARCHAR(100), l BLOB, m JSON, n BIT(12), o YEAR, p BOOL, q ENUM('x','y'), r TEXT) CHARACTER SET utf8mb4");
        await using var session = await bed.OpenAsync();
        object?[] values =
        [
            1, (sbyte)-128, (ushort)65535, long.MinValue, ulong.MaxValue, 1.5f, Math.PI, 12345678901234567890.0123456789m, new DateTime(2024, 2, 29),
            new DateTime(2024, 2, 29, 23, 59, 59).AddMicroseconds(123456), new TimeSpan(-5, 10, 20, 30).Add(TimeSpan.FromMicroseconds(-654321)), "Grüße 🐬",
            Enumerable.Range(0, 256).Select(i => (byte)i).ToArray(), "{\"a\": 1}", 0xABCUL, 2024, true, "y", new string('x', 70000)[..60000],
        ];
        await using var insert = new MySqlCommand($"INSERT INTO t VALUES ({string.Join(',', values.Select((_, i) => $"@p{i}"))})", session);
        for (var i = 0; i < values.Length; i++)
        {
            insert.Parameters.AddWithValue($"@p{i}", values[i]);
        }

        await insert.PrepareAsync();
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());
        for (var i = 1; i < values.Length; i++)
        {
            insert.Parameters[i].Value = DBNull.Value;
        }

        insert.Parameters[0].Value = 2;
        Assert.Equal(1, await insert.ExecuteNonQueryAsync());

        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        var expected = await ReadAsync(direct);
        for (var i = 0; i < 3; i++)
        {
            Assert.Equal(expected, await ReadAsync(session));
        }

        Assert.Contains("Grüße 🐬", expected[0], StringComparison.Ordinal);
        Assert.Contains("18446744073709551615", expected[0], StringComparison.Ordinal);
        Assert.Equal("2" + string.Concat(Enumerable.Repeat("|", values.Length - 1)), expected[1]);
    }

    [Theory, EachFlavor]
    public async Task One_statement_runs_on_both_replicas_and_again_and_again(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await using var command = new MySqlCommand("SELECT CONCAT(@@server_id, '/', @n * 2)", session);
        command.Parameters.AddWithValue("@n", 0);
        await command.PrepareAsync();
        await using var foreign = new MySqlCommand("SELECT CONCAT(@@server_id, '/', @n * 2)", other);
        foreign.Parameters.AddWithValue("@n", "0");
        await foreign.PrepareAsync();
        HashSet<string> servers = [];
        for (var i = 0; i < 20; i++)
        {
            command.Parameters[0].Value = i;
            var parts = Convert.ToString(await command.ExecuteScalarAsync())!.Split('/');
            Assert.Equal($"{i * 2}", parts[1]);
            servers.Add(parts[0]);

            // The same text with a parameter of another type, on the same server connections.
            // Twice, so that the rotation brings each session to each server.
            foreign.Parameters[0].Value = $"{i}";
            Assert.EndsWith($"/{i * 2}", Convert.ToString(await foreign.ExecuteScalarAsync()), StringComparison.Ordinal);
            Assert.EndsWith($"/{i * 2}", Convert.ToString(await foreign.ExecuteScalarAsync()), StringComparison.Ordinal);
        }

        Assert.Equal(["2", "3"], servers.Order());
    }

    [Theory, EachFlavor]
    public async Task A_prepared_write_goes_to_the_primary_and_a_prepared_locking_read_too(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v INT)");
        await using var session = await bed.OpenAsync();
        await using var insert = new MySqlCommand("INSERT INTO t (v) VALUES (@@server_id)", session);
        await using var locking = new MySqlCommand("SELECT @@server_id, v FROM t FOR UPDATE", session);
        await using var read = new MySqlCommand("SELECT @@server_id", session);
        await insert.PrepareAsync();
        await locking.PrepareAsync();
        await read.PrepareAsync();
        for (var i = 1; i <= 3; i++)
        {
            await insert.ExecuteNonQueryAsync();
            Assert.Equal(i, insert.LastInsertedId);
            Assert.Equal(bed.PrimaryId, Convert.ToInt64(await locking.ExecuteScalarAsync()));
            Assert.NotEqual(bed.PrimaryId, Convert.ToInt64(await read.ExecuteScalarAsync()));
        }

        await using var transaction = await session.BeginTransactionAsync();
        read.Transaction = transaction;
        Assert.Equal(bed.PrimaryId, Convert.ToInt64(await read.ExecuteScalarAsync()));
    }

    [Theory, EachFlavor]
    public async Task The_limit_per_connection_closes_statements_on_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => (o.Pool.PreparedStatements, o.Pool.MaxConnections) = (5, 1));
        await using var session = await bed.OpenAsync();
        List<MySqlCommand> commands = [];
        for (var i = 0; i < 20; i++)
        {
            commands.Add(new MySqlCommand($"SELECT {i} + 0 FOR UPDATE", session));
            await commands[i].PrepareAsync();
        }

        for (var round = 0; round < 2; round++)
        {
            for (var i = 0; i < 20; i++)
            {
                Assert.Equal(i, Convert.ToInt32(await commands[i].ExecuteScalarAsync()));
            }
        }

        // The status of one session tells on both flavors what it has prepared and closed.
        var prepared = await CountAsync("Com_stmt_prepare");
        var closed = await CountAsync("Com_stmt_close");
        Assert.True(prepared >= 40 && prepared - closed is >= 1 and <= 6, $"{prepared} prepared, {closed} closed");

        async Task<long> CountAsync(string name) =>
            long.Parse((await session.RowsAsync($"SHOW SESSION STATUS LIKE '{name}'"))[0].Split('|')[1]);
    }

    [Theory, EachFlavor]
    public async Task After_ddl_the_new_columns_arrive(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)");
        await using var session = await bed.OpenAsync();
        await using var command = new MySqlCommand("SELECT * FROM t", session);
        await command.PrepareAsync();
        Assert.Equal(1, await FieldsAsync(command));
        await session.RunAsync("ALTER TABLE t ADD COLUMN b VARCHAR(10) DEFAULT 'new', ADD COLUMN c DATETIME");
        for (var i = 0; i < 4; i++)
        {
            Assert.Equal(3, await FieldsAsync(command));
        }

        await session.RunAsync("DROP TABLE t");
        Assert.Equal(1146, (await Assert.ThrowsAsync<MySqlException>(() => command.ExecuteScalarAsync())).Number);
    }

    [Theory, EachFlavor]
    public async Task The_same_text_in_two_schemas_is_two_statements(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1, "CREATE TABLE where_am_i (v INT)", "INSERT INTO where_am_i VALUES (1)");
        var other = $"{bed.Schema}_b";
        await bed.OnPrimaryAsync($"CREATE DATABASE {other}", $"CREATE TABLE {other}.where_am_i (v INT)", $"INSERT INTO {other}.where_am_i VALUES (2)");
        await using var one = await bed.OpenAsync();
        await using var two = await bed.Proxy.OpenAsync(other);
        await using var inOne = new MySqlCommand("SELECT v FROM where_am_i", one);
        await using var inTwo = new MySqlCommand("SELECT v FROM where_am_i", two);
        await inOne.PrepareAsync();
        await inTwo.PrepareAsync();
        for (var i = 0; i < 6; i++)
        {
            Assert.Equal(1, await inOne.ExecuteScalarAsync());
            Assert.Equal(2, await inTwo.ExecuteScalarAsync());
        }

        await bed.OnPrimaryAsync($"DROP DATABASE {other}");
    }

    [Theory, EachFlavor]
    public async Task A_statement_that_cannot_be_prepared_fails_with_the_servers_error(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        await using var command = new MySqlCommand("SELECT * FROM missing WHERE id = @id", session);
        command.Parameters.AddWithValue("@id", 1);
        var error = await Assert.ThrowsAsync<MySqlException>(() => command.PrepareAsync());
        Assert.Equal((1146, "42S02"), (error.Number, error.SqlState));
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    private static async Task<int> FieldsAsync(MySqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        Assert.True(await reader.ReadAsync());
        return reader.FieldCount;
    }

    private static async Task<List<string>> ReadAsync(MySqlConnection session)
    {
        await using var command = new MySqlCommand("SELECT * FROM t WHERE id > @id ORDER BY id", session);
        command.Parameters.AddWithValue("@id", 0);
        await command.PrepareAsync();
        await using var reader = await command.ExecuteReaderAsync();
        List<string> rows = [];
        while (await reader.ReadAsync())
        {
            rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i => reader.GetValue(i) switch
            {
                DBNull => "",
                byte[] bytes => Convert.ToHexString(bytes),
                DateTime time => time.ToString("O"),
                IFormattable value => value.ToString(null, System.Globalization.CultureInfo.InvariantCulture),
                var value => value.ToString(),
            })));
        }

        return rows;
    }
}
