using System.Text;
using DbProxy.IntegrationTests.Differential;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Sql;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;
using RawClient = DbProxy.IntegrationTests.Differential.RawClient;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>Character sets in which a byte that looks like a quote, a backslash or a letter is half a character.</summary>
public sealed class CharsetTests
{
    private const Capabilities Client = Capabilities.DeprecateEof | Capabilities.MultiStatements | Capabilities.MultiResults;

    /// <summary>A character whose last byte is a backslash, one that ends with a backquote, and the collation id.</summary>
    private static readonly (string Charset, byte[] Backslash, byte[] Backquote, byte CollationId)[] Charsets =
    [
        ("gbk", [0xD5, 0x5C], [0x84, 0x60], 28),
        ("big5", [0xA5, 0x5C], [0xA4, 0x60], 1),
        ("sjis", [0x83, 0x5C], [0x83, 0x60], 13),
        ("cp932", [0x83, 0x5C], [0x83, 0x60], 95),
        ("gb18030", [0xD5, 0x5C], [0x84, 0x60], 248),
    ];

    [Theory, EachFlavor]
    public async Task What_a_half_character_hides_or_shows_is_seen_as_the_server_sees_it(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20) CHARACTER SET utf8mb4)", "INSERT INTO t VALUES (0, 'kept')");
        foreach (var (charset, backslash, backquote, collation) in Charsets.Where(c => bed.IsMySql || c.Charset != "gb18030"))
        {
            foreach (var set in (string[])[$"SET NAMES {charset}", $"SET CHARACTER SET {charset}", $"SET character_set_client = {charset}", $"SET @@session.character_set_client = '{charset}'", $"SET @@character_set_client = {charset}", ""])
            {
                using var client = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Client, set.Length == 0 ? collation : (byte)45);
                if (set.Length > 0)
                {
                    await AskAsync(client, [.. Encoding.ASCII.GetBytes(set)]);
                }

                // Read as UTF-8, each of these would be a mere read.
                Assert.Equal(bed.PrimaryId, await ServerAsync(client, [.. "SELECT @@server_id FROM t WHERE v <> '"u8, .. backslash, .. "' FOR UPDATE -- '"u8]));
                Assert.Equal(bed.PrimaryId, await ServerAsync(client, [.. "SELECT @@server_id, id AS "u8, .. backquote, .. " FROM t FOR UPDATE /* "u8, .. backquote, .. " */"u8]));
                Assert.Equal(bed.PrimaryId, await ServerAsync(client, [.. "SELECT @@server_id FROM t AS `"u8, .. backquote, .. "` FOR UPDATE -- `"u8]));
                await AskAsync(client, [.. "INSERT INTO t VALUES (1, 'x')"u8]);
                var answer = await AskAsync(client, [.. "SELECT '"u8, .. backslash, .. "'; DELETE FROM t WHERE id = 1; -- '"u8]);
                Assert.Contains(answer, l => l.StartsWith("OK 00 1 rows", StringComparison.Ordinal));
                Assert.DoesNotContain(answer, l => l.StartsWith("ERROR", StringComparison.Ordinal));

                // Half a character behind a backslash is none: here the text is one string, and a read.
                if (set.StartsWith("SET NAMES", StringComparison.Ordinal))
                {
                    Assert.NotEqual(bed.PrimaryId, await ServerAsync(client, [.. "SELECT @@server_id, '\\"u8, .. backslash, .. "' FOR UPDATE -- '"u8]));
                    Assert.NotEqual(bed.PrimaryId, await ServerAsync(client, [.. "SELECT @@server_id, '"u8, .. backslash, .. "' "u8]));
                }
            }
        }

        Assert.Equal(1L, await bed.OnServerAsync(bed.Cluster.Primary, $"SELECT COUNT(*) FROM {bed.Schema}.t"));
    }

    [Theory, EachFlavor]
    public async Task Text_in_each_character_set_arrives_as_on_the_server_whoever_shares_the_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = o.Pool.MaxIdle = 1, "CREATE TABLE t (v VARCHAR(20) CHARACTER SET utf8mb4)");
        using var other = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Client);
        foreach (var (charset, backslash, backquote, collation) in Charsets.Where(c => bed.IsMySql || c.Charset != "gb18030"))
        {
            using var proxied = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Client, collation);
            using var direct = await RawClient.LoginAsync(bed.Cluster.Primary.Port, bed.Cluster.App, bed.Schema, Client, collation);
            byte[][] script =
            [
                [.. "INSERT INTO t VALUES ('"u8, .. backslash, .. "'), (_utf8mb4'\xC3\xA4'), ('\\"u8, .. backslash, .. "''')"u8],
                [.. "SELECT v, HEX(v), '"u8, .. backquote, .. "' AS `"u8, .. backquote, .. "`, '' AS "u8, .. backslash, .. " FROM t ORDER BY HEX(v)"u8],
                [.. "SELECT @@character_set_client, @@collation_connection, @@character_set_results"u8],
                [.. "SET @"u8, .. backslash, .. " = 1"u8],
                [.. "DELETE FROM t"u8],
                [.. "SET NAMES utf8mb4 COLLATE utf8mb4_bin"u8],
                [.. "SELECT '"u8, .. backslash, .. "' , '"u8],
                [.. "SELECT _gbk'"u8, .. backslash, .. "' , '"u8],
            ];
            foreach (var sql in script)
            {
                await AskAsync(other, [.. "SELECT '\xC3\xA4'"u8]);
                Assert.Equal(await AskAsync(direct, sql), await AskAsync(proxied, sql));
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Collation_ids_beyond_a_byte_come_with_change_user(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = o.Pool.MaxIdle = 1);
        using var other = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Client);
        using var proxied = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Client);
        using var direct = await RawClient.LoginAsync(bed.Cluster.Primary.Port, bed.Cluster.App, bed.Schema, Client);
        foreach (var collation in bed.IsMySql ? (ushort[])[28, 303, 45, 316, 13] : [28, 2304, 45, 255, 1250, 13])
        {
            await proxied.ChangeUserAsync(bed.Schema, collation);
            await direct.ChangeUserAsync(bed.Schema, collation);
            for (var i = 0; i < 3; i++)
            {
                await AskAsync(other, [.. "SELECT 1"u8]);
                byte[] sql = [.. "SELECT @@character_set_client, @@collation_connection"u8];
                var expected = string.Join('\n', await AskAsync(direct, sql));
                Assert.Equal($"{collation} {expected}", $"{collation} {string.Join('\n', await AskAsync(proxied, sql))}");
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Each_byte_of_each_character_set_is_a_blank_to_the_lexer_where_it_is_one_to_the_server(Flavor flavor)
    {
        var cluster = await Clusters.SharedAsync(flavor);
        using var client = await RawClient.LoginAsync(cluster.Primary.Port, cluster.App, "", Client);
        List<string> names = [];
        foreach (var line in await AskAsync(client, [.. "SELECT CHARACTER_SET_NAME FROM information_schema.CHARACTER_SETS"u8]))
        {
            names.AddRange(line.StartsWith("ROW", StringComparison.Ordinal) ? [line[7..]] : []);
        }

        Assert.Contains("gbk", names);
        foreach (var name in names)
        {
            if ((await AskAsync(client, Encoding.ASCII.GetBytes($"SET NAMES {name}")))[0].StartsWith("ERROR", StringComparison.Ordinal))
            {
                continue;
            }

            for (var value = 0x80; value < 0x100; value++)
            {
                byte[] sql = [.. "SELECT"u8, (byte)value, .. "1"u8];
                var isBlank = !(await AskAsync(client, sql))[0].StartsWith("ERROR", StringComparison.Ordinal);
                Assert.Equal((name, value, isBlank), (name, value, StatementClassifier.Classify(sql, CharsetModes.Of(name)).Kind == StatementKind.Select));
            }
        }
    }

    private static async Task<long> ServerAsync(RawClient client, byte[] sql)
    {
        var row = (await AskAsync(client, sql)).First(l => l.StartsWith("ROW", StringComparison.Ordinal));
        return long.Parse(row.AsSpan(7, 1));
    }

    private static async Task<IReadOnlyList<string>> AskAsync(RawClient client, byte[] sql)
    {
        await client.CommandAsync(CommandKind.Query, sql);
        var answer = new AnswerReader(client);
        await answer.ResultsAsync();
        return answer.Lines;
    }
}
