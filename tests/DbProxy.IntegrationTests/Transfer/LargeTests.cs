using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Transfer;

public sealed class LargeTests
{
    private const int Packet = 0xFFFFFF;

    [Theory, EachFlavor]
    public async Task A_large_result_is_streamed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, null, "CREATE TABLE t (id INT PRIMARY KEY, v MEDIUMBLOB)",
            "INSERT INTO t SELECT seq, REPEAT(CHAR(65 + seq % 26), 100000) FROM (WITH RECURSIVE s(seq) AS (SELECT 1 UNION ALL SELECT seq + 1 FROM s WHERE seq < 400) SELECT seq FROM s) x");
        await using var session = await bed.OpenAsync();
        await using var command = new MySqlCommand("SELECT id, v FROM t ORDER BY id", session);
        await using var reader = await command.ExecuteReaderAsync();
        long bytes = 0;
        var id = 0;
        while (await reader.ReadAsync())
        {
            var value = (byte[])reader.GetValue(1);
            Assert.Equal(++id, reader.GetInt32(0));
            Assert.True(value.AsSpan().IndexOfAnyExcept((byte)(65 + (id % 26))) < 0);
            bytes += value.Length;
        }

        Assert.Equal(40_000_000, bytes);
    }

    [Theory, EachFlavor]
    public async Task Values_around_the_size_of_a_packet_arrive(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();

        // A text row of one value has 4 bytes in front of it: this makes rows of exactly one and two full packets.
        foreach (var length in new[] { Packet - 5, Packet - 4, Packet - 3, (2 * Packet) - 9, (2 * Packet) - 4 })
        {
            await using var command = new MySqlCommand($"SELECT REPEAT('x', {length})", session);
            Assert.Equal(length, ((string)(await command.ExecuteScalarAsync())!).Length);
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }
    }

    [Theory, EachFlavor]
    public async Task Statements_around_the_size_of_a_packet_are_executed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGTEXT)");
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        const string Head = "INSERT INTO t (v) VALUES ('", Tail = "')";
        var overhead = Head.Length + Tail.Length + 1;
        foreach (var payload in new[] { Packet - 1, Packet, Packet + 1, 2 * Packet, 20_000_000 })
        {
            var length = payload - overhead;
            var answer = await client.AskAsync(CommandKind.Query, Head + new string('y', length) + Tail);
            Assert.True(answer[0] == OkPacket.Header, $"{payload}: {(ErrPacket.Is(answer) ? ErrPacket.Parse(answer) : null)}");
            Assert.Equal([$"{length}"], await client.RowsAsync("SELECT LENGTH(v) FROM t ORDER BY id DESC LIMIT 1"));
        }
    }

    [Theory, EachFlavor]
    public async Task A_large_read_and_a_large_prepared_statement_are_executed(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGBLOB)");
        await using var session = await bed.OpenAsync();
        Assert.Equal(17_000_000, await session.NumberAsync($"SELECT LENGTH('{new string('z', 17_000_000)}')"));
        await using var insert = new MySqlCommand("INSERT INTO t (v) VALUES (@v)", session);
        insert.Parameters.AddWithValue("@v", new byte[17_000_000]);
        await insert.PrepareAsync();
        await insert.ExecuteNonQueryAsync();
        insert.Parameters[0].Value = new byte[18_000_000];
        await insert.ExecuteNonQueryAsync();
        Assert.Equal(["17000000", "18000000"], await session.RowsAsync("SELECT LENGTH(v) FROM t ORDER BY id"));

        await using var longText = new MySqlCommand($"SELECT LENGTH('{new string('w', 17_000_000)}') + @n", session);
        longText.Parameters.AddWithValue("@n", 1);
        await longText.PrepareAsync();
        Assert.Equal(17_000_001, Convert.ToInt64(await longText.ExecuteScalarAsync()));
    }

    [Theory, EachFlavor]
    public async Task A_statement_beyond_the_limit_is_refused_with_1153(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Limits.MaxAllowedPacket = Core.Configuration.ByteSize.MiB(1));
        await using var session = await bed.OpenAsync();
        Assert.Equal(1_000_000, await session.NumberAsync($"SELECT LENGTH('{new string('x', 1_000_000)}')"));
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App);
        var answer = await client.AskAsync(CommandKind.Query, $"SELECT '{new string('x', 1_100_000)}'");
        Assert.Equal(1153, ErrPacket.Parse(answer).Code);
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task Many_columns_and_empty_results(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT)");
        await using var session = await bed.OpenAsync();
        var columns = string.Join(',', Enumerable.Range(1, 1500).Select(i => $"{i} AS c{i}"));
        Assert.Equal([string.Join('|', Enumerable.Range(1, 1500))], await session.RowsAsync($"SELECT {columns}"));
        Assert.Empty(await session.RowsAsync($"SELECT {columns} FROM t"));
        Assert.Empty(await session.RowsAsync("SELECT * FROM t"));
        Assert.Equal(0, await session.RunAsync("DELETE FROM t"));
        Assert.Equal([""], await session.RowsAsync("SELECT ''"));
        Assert.Equal(["1", "2", "3"], await session.RowsAsync("SELECT 1; SELECT id FROM t; SELECT 2; SELECT 3"));
        await using var command = new MySqlCommand("SELECT * FROM t WHERE id = @i", session);
        command.Parameters.AddWithValue("@i", 1);
        await command.PrepareAsync();
        Assert.Null(await command.ExecuteScalarAsync());
    }

    [Theory, EachFlavor]
    public async Task A_client_that_reads_slowly_gets_all_and_one_that_leaves_disturbs_nobody(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2);
        const string Big = "WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 900) SELECT n, REPEAT('x', 20000) FROM s";
        await using var slow = await bed.OpenAsync();
        await using var command = new MySqlCommand(Big, slow);
        await using (var reader = await command.ExecuteReaderAsync())
        {
            for (var i = 0; i < 2; i++)
            {
                // Leaves in the middle of a result.
                await using var leaver = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App);
                await leaver.AskAsync(CommandKind.Query, Big);
            }

            var rows = 0;
            while (await reader.ReadAsync())
            {
                Assert.Equal(++rows, reader.GetInt32(0));
            }

            Assert.Equal(900, rows);
        }

        for (var i = 0; i < 6; i++)
        {
            Assert.NotEqual(bed.PrimaryId, await slow.ServerIdAsync());
        }
    }
}
