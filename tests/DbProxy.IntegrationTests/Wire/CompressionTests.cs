using System.Text;
using DbProxy.Core.Channels;
using DbProxy.IntegrationTests.Commands;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol.Compression;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>Compression between client and proxy, and between proxy and server, each alone and both together.</summary>
public sealed class CompressionTests
{
    private const string Rows =
        "SELECT n, REPEAT(CHAR(65 + n % 26), 1000), SHA2(n, 256) FROM (WITH RECURSIVE s(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM s WHERE n < 900) SELECT n FROM s) x ORDER BY n";

    public static TheoryData<Flavor, Flavor, string, bool> ShellCases
    {
        get
        {
            var data = new TheoryData<Flavor, Flavor, string, bool>();
            foreach (var (server, tls) in new[] { (Flavor.MySql, false), (Flavor.MySql, true), (Flavor.MariaDb, false), (Flavor.MariaDb, true) })
            {
                data.Add(server, Flavor.MySql, "--compression-algorithms=zlib", tls);
                data.Add(server, Flavor.MariaDb, "--compress", tls);
            }

            data.Add(Flavor.MySql, Flavor.MySql, "--compression-algorithms=zstd", false);
            data.Add(Flavor.MySql, Flavor.MySql, "--compression-algorithms=zstd", true);
            return data;
        }
    }

    public static TheoryData<Flavor, CompressionAlgorithm, bool> SidesOfAConnection => new()
    {
        { Flavor.MySql, CompressionAlgorithm.Zlib, false }, { Flavor.MySql, CompressionAlgorithm.Zlib, true },
        { Flavor.MySql, CompressionAlgorithm.Zstd, false }, { Flavor.MySql, CompressionAlgorithm.Zstd, true },
        { Flavor.MySql, CompressionAlgorithm.None, true },
        { Flavor.MariaDb, CompressionAlgorithm.Zlib, false }, { Flavor.MariaDb, CompressionAlgorithm.Zlib, true },
        { Flavor.MariaDb, CompressionAlgorithm.Zstd, true }, { Flavor.MariaDb, CompressionAlgorithm.None, true },
    };

    [Theory, MemberData(nameof(ShellCases))]
    public async Task The_shells_get_the_same_as_directly(Flavor server, Flavor client, string compression, bool tls)
    {
        await using var bed = await TestBed.StartAsync(server, null, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, string.Concat(Enumerable.Range(1, 20_000).Select(i => $"{i}\tvalue {i}\n")));
            var script = $"""
                {Rows};
                SET @x = 'kept';
                SELECT LENGTH('{new string('y', 3_000_000)}'), @x;
                LOAD DATA LOCAL INFILE '{file}' INTO TABLE t;
                SELECT COUNT(*), MAX(id) FROM t;
                SELECT * FROM missing;
                DELETE FROM t;
                SELECT 'done';
                """;
            string[] options = [compression, "--force", "--local-infile=1"];

            // MySQL's client of today knows no plugin of MariaDB's accounts: there the control is MariaDB's own.
            var stranger = server == Flavor.MariaDb && client == Flavor.MySql;
            var control = stranger ? Flavor.MariaDb : client;
            string[] same = stranger ? ["--compress", .. options[1..]] : options;
            var direct = await Shells.RunAsync(bed.Cluster, control, bed.Schema, script, [.. Shells.Tcp(control, bed.Cluster.Primary.Port, tls), .. same]);
            var proxied = await Shells.RunAsync(bed.Cluster, client, bed.Schema, script, [.. Shells.Tcp(client, bed.Proxy.Port, tls), .. options]);
            Assert.Contains("20000\t20000\ndone\n", direct.Output, StringComparison.Ordinal);
            Assert.Equal((direct.Code, direct.Output), (proxied.Code, proxied.Output));
            Assert.Contains("ERROR 1146 (42S02) at line 6: Table ", proxied.Error, StringComparison.Ordinal);
        }
        finally
        {
            File.Delete(file);
        }
    }

    [Theory]
    [InlineData("zlib", "Zstd")]
    [InlineData("zstd", "Zlib")]
    public async Task An_algorithm_that_is_not_allowed_is_not_offered(string asked, string allowed)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, o => o.ClientCompression = [allowed]);
        var (code, _, error) = await Shells.RunAsync(
            bed.Cluster, Flavor.MySql, bed.Schema, "SELECT 1", [.. Shells.Tcp(Flavor.MySql, bed.Proxy.Port, tls: false), $"--compression-algorithms={asked}"]);
        Assert.Equal(1, code);
        Assert.Contains("ompression", error, StringComparison.Ordinal);
        await using var session = await bed.OpenAsync(b => b.UseCompression = true);
        Assert.Equal(allowed == "Zlib", bed.Proxy.Context.Sessions.All.Single().Channel is CompressedChannel);
    }

    [Theory, MemberData(nameof(SidesOfAConnection))]
    public async Task Everything_works_through_any_combination(Flavor flavor, CompressionAlgorithm server, bool client)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => o.ServerCompression.Algorithm = server, "CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v LONGTEXT)");
        await using var session = await bed.OpenAsync(b => (b.UseCompression, b.AllowLoadLocalInfile) = (client, true));
        Assert.Equal(client, bed.Proxy.Context.Sessions.All.Single().Channel is CompressedChannel);
        var used = (await session.RowsAsync("SHOW SESSION STATUS LIKE 'Compression%'")).ToDictionary(r => r.Split('|')[0], r => r.Split('|')[1]);
        Assert.Equal(server == CompressionAlgorithm.None ? "OFF" : "ON", used["Compression"]);
        if (flavor == Flavor.MySql && server != CompressionAlgorithm.None)
        {
            Assert.Equal(server.ToString(), used["Compression_algorithm"], ignoreCase: true);
            Assert.Equal(server == CompressionAlgorithm.Zlib ? "6" : "3", used["Compression_level"]);
        }

        await using var direct = await bed.OpenDirectAsync(bed.Cluster.Primary);
        Assert.Equal(await direct.RowsAsync(Rows), await session.RowsAsync(Rows));
        foreach (var length in new[] { 10, 49, 1000, 70_000, 5_000_000, 20_000_000 })
        {
            await session.RunAsync($"INSERT INTO t (v) VALUES ('{new string('z', length)}')");
            Assert.Equal(length, await session.NumberAsync("SELECT LENGTH(v) FROM t WHERE id = LAST_INSERT_ID()"));
        }

        Assert.Equal(20_000_000, (await session.TextAsync("SELECT v FROM t ORDER BY id DESC LIMIT 1"))!.Length);
        Assert.Equal(["1", "2", "3"], await session.RowsAsync("SELECT 1; SELECT 2; SELECT 3"));
        Assert.Equal(1146, (await session.FailsAsync("SELECT * FROM missing")).Number);
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, MemberData(nameof(SidesOfAConnection))]
    public async Task Files_prepared_statements_resets_and_cancelling_too(Flavor flavor, CompressionAlgorithm server, bool client)
    {
        await using var bed = await TestBed.StartAsync(
            flavor, o => o.ServerCompression.Algorithm = server, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(50))");
        await using var session = await bed.OpenAsync(b => (b.UseCompression, b.AllowLoadLocalInfile, b.SslMode) = (client, true, MySqlSslMode.Required));
        var text = new StringBuilder();
        for (var i = 0; i < 100_000; i++)
        {
            text.Append(i).Append("\tvalue ").Append(i).Append('\n');
        }

        var loader = new MySqlBulkLoader(session)
        {
            TableName = "t", Local = true, FieldTerminator = "\t", LineTerminator = "\n",
            SourceStream = new MemoryStream(Encoding.UTF8.GetBytes(text.ToString())),
        };
        Assert.Equal(100_000, await loader.LoadAsync());
        await using (var command = new MySqlCommand("SELECT v FROM t WHERE id = @i", session))
        {
            command.Parameters.AddWithValue("@i", 5);
            await command.PrepareAsync();
            for (var i = 0; i < 20; i++)
            {
                command.Parameters[0].Value = i * 777;
                Assert.Equal($"value {i * 777}", await command.ExecuteScalarAsync());
            }
        }

        await session.RunAsync("SET @a = 1");
        await session.ResetConnectionAsync();
        Assert.Null(await session.ScalarAsync("SELECT @a"));
        await using var killer = await bed.OpenAsync(b => b.UseCompression = client);
        var sleeping = session.RowsAsync("SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(20)");
        await RunningStatements.UntilAsleepAsync(bed);
        await killer.RunAsync($"KILL QUERY {session.ServerThread}");
        Assert.Equal(1317, (await Assert.ThrowsAsync<MySqlException>(() => sleeping)).Number);
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Theory, EachFlavor]
    public async Task A_client_that_changes_the_user_goes_on_compressing(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        // The driver changes the user instead of resetting where the server says that it is too old for a reset.
        await using var proxy = await ProxyUnderTest.StartAsync(bed.Cluster, o => o.ServerVersion = "5.6.40");
        var pooled = proxy.ConnectionString(bed.Schema, b => (b.UseCompression, b.Pooling, b.ConnectionReset, b.MaximumPoolSize) = (true, true, true, 1));
        for (var i = 0; i < 3; i++)
        {
            await using var session = new MySqlConnection(pooled);
            await session.OpenAsync(TestContext.Current.CancellationToken);
            Assert.True(proxy.Context.Sessions.All.Single().Channel is CompressedChannel);
            Assert.Null(await session.ScalarAsync("SELECT @a"));
            await session.RunAsync("SET @a = 1");
            Assert.Equal(5_000, (await session.TextAsync("SELECT REPEAT('x', 5000)"))!.Length);
        }

        Assert.Equal(1, proxy.Context.Counters.SessionsAccepted);
        await MySqlConnection.ClearPoolAsync(new MySqlConnection(pooled));
    }
}
