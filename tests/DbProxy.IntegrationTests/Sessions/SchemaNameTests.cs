using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>Schemas with names outside of ASCII, said in the client's character set: by the login, COM_INIT_DB, USE and COM_CHANGE_USER.</summary>
public sealed class SchemaNameTests
{
    /// <summary>A character set, its default collation, and how its client says a name.</summary>
    private static readonly (string Charset, byte Collation, string Name, byte[] Bytes)[] Names =
    [
        ("utf8mb4", 45, "größe", [(byte)'g', (byte)'r', 0xC3, 0xB6, 0xC3, 0x9F, (byte)'e']),
        ("latin1", 8, "größe", [(byte)'g', (byte)'r', 0xF6, 0xDF, (byte)'e']),
        ("latin1", 8, "€", [0x80]),
        ("cp1251", 51, "база", [0xE1, 0xE0, 0xE7, 0xE0]),
        // The second byte of the last one is a backslash.
        ("gbk", 28, "數據誠", [0x94, 0xB5, 0x93, 0xFE, 0xD5, 0x5C]),
        ("sjis", 13, "ソ", [0x83, 0x5C]),
        ("ujis", 12, "日本", [0xC6, 0xFC, 0xCB, 0xDC]),
    ];

    [Theory, EachFlavor]
    public async Task A_session_stays_in_its_schema_whatever_character_set_names_it(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2);
        string[] schemas = [.. Names.Select(n => $"{bed.Schema}_{n.Name}").Distinct()];
        await bed.OnPrimaryAsync([.. schemas.SelectMany(s => (string[])[$"CREATE DATABASE `{s}`", $"CREATE TABLE `{s}`.t (id INT)"])]);
        try
        {
            foreach (var (charset, collation, name, bytes) in Names)
            {
                byte[] prefix = Encoding.ASCII.GetBytes(bed.Schema + "_"), said = [.. prefix, .. bytes];
                string schema = bed.Schema + "_" + name;

                await using var login = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, collation, said));
                Assert.Null(login.LoginError);
                await IsInAsync(login, bed, schema);

                await using var later = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, 45, Encoding.ASCII.GetBytes(bed.Schema)));
                await later.RowsAsync($"SET NAMES {charset}");
                Assert.Equal(OkPacket.Header, (await later.AskAsync(CommandKind.InitDb, said))[0]);
                await IsInAsync(later, bed, schema);
                await later.RowsAsync($"USE {bed.Schema}");
                Assert.Equal(OkPacket.Header, (await later.AskAsync(CommandKind.Query, [.. "USE `"u8, .. said, .. "`"u8]))[0]);
                await IsInAsync(later, bed, schema);

                // From here on another character set; the schema stays.
                await later.RowsAsync("SET NAMES ascii");
                await IsInAsync(later, bed, schema);
            }
        }
        finally
        {
            await ServerAdmin.RunAsync(bed.Cluster, bed.Cluster.Primary, [.. schemas.Select(s => $"DROP DATABASE `{s}`")]);
        }
    }

    [Theory, EachFlavor]
    public async Task A_name_that_is_no_text_is_refused(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        foreach (var (collation, bytes) in new (byte, byte[])[] { (45, [0xF6, 0xDF]), (28, [0xD5]), (13, [0x83]) })
        {
            await using var login = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, collation, bytes));
            // Of the servers MariaDB says 1300, and MySQL logs in without a schema.
            Assert.Equal(1044, (int?)login.LoginError?.Code);
            await using var session = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, collation, Encoding.ASCII.GetBytes(bed.Schema)));
            await using var control = await RawClient.ConnectAsync(bed.Cluster.Primary.Port, Login(bed, collation, Encoding.ASCII.GetBytes(bed.Schema)));
            Assert.Equal(await control.AskAsync(CommandKind.InitDb, bytes), await session.AskAsync(CommandKind.InitDb, bytes));
            Assert.Equal([bed.Schema], await session.RowsAsync("SELECT DATABASE()"));
        }
    }

    /// <summary>Whatever connection it gets: reads and writes, with and without another session's schema before.</summary>
    private static async Task IsInAsync(RawClient client, TestBed bed, string schema)
    {
        await using var other = await bed.OpenAsync();
        string hex = Convert.ToHexString(Encoding.UTF8.GetBytes(schema));
        for (int i = 0; i < 3; i++)
        {
            Assert.Equal([$"{hex}|0"], await client.RowsAsync($"SELECT HEX(CONVERT(DATABASE() USING utf8mb4)), @@server_id = {bed.PrimaryId} FROM (SELECT COUNT(*) FROM t) c"));
            await client.RowsAsync("INSERT INTO t VALUES (1)");
            await other.RunAsync("DO 1");
            await other.ServerIdAsync();
        }
    }

    private static ServerLoginOptions Login(TestBed bed, byte collation, byte[] schema) => new()
    {
        User = Encoding.UTF8.GetBytes(bed.Cluster.App.User),
        Password = Encoding.UTF8.GetBytes(bed.Cluster.App.Password),
        Schema = schema,
        CollationId = collation,
        Capabilities = Capabilities.DeprecateEof | Capabilities.ConnectWithDb | Capabilities.MultiResults,
    };
}
