using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Sessions;

/// <summary>Modes that a server adds because of how a client logged in, through changes of the connection.</summary>
public sealed class LoginModeTests
{
    private const string Standing = "SELECT @@sql_mode LIKE '%IGNORE_SPACE%', @@sql_mode = REPLACE(@@global.sql_mode, 'IGNORE_SPACE,', '')";

    [Theory, EachFlavor]
    public async Task Ignored_spaces_stay_with_a_session_as_on_a_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1);
        Assert.Equal(await PlayAsync(bed, bed.Cluster.Primary.Port), await PlayAsync(bed, bed.Proxy.Port));
    }

    /// <summary>Several sessions one after the other on the same connection, and each behind a reset.</summary>
    private static async Task<List<string>> PlayAsync(TestBed bed, int port)
    {
        List<string> seen = [];
        for (var i = 0; i < 3; i++)
        {
            await using var client = await RawClient.ConnectAsync(port, bed.Cluster.App, bed.Schema, Capabilities.DeprecateEof | Capabilities.IgnoreSpace);
            foreach (var sql in (string[])["", "SET @pinned = 1", "SET sql_mode = 'ANSI'", "SET sql_mode = DEFAULT", "reset", "SET sql_mode = DEFAULT"])
            {
                if (sql == "reset")
                {
                    await client.AskAsync(CommandKind.ResetConnection);
                }
                else if (sql.Length > 0)
                {
                    await client.AskAsync(CommandKind.Query, sql);
                }

                seen.Add($"{sql}: {string.Join('|', await client.RowsAsync("/* dbproxy:primary */ " + Standing))} {string.Join('|', await client.RowsAsync(Standing))}");
            }
        }

        return seen;
    }

    [Fact]
    public async Task Mariadb_shows_mysql_data_the_collations_that_it_can_read()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o => o.Pool.MaxConnections = 2);
        for (var i = 0; i < 3; i++)
        {
            await using var other = await bed.OpenAsync();
            Assert.NotEqual(0, await other.NumberAsync("SELECT COUNT(*) FROM information_schema.collations WHERE id IS NULL"));
            await other.RunAsync("SET old_mode = ''", "DO 1");
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, new ServerLoginOptions
            {
                User = System.Text.Encoding.UTF8.GetBytes(bed.Cluster.App.User), Password = System.Text.Encoding.UTF8.GetBytes(bed.Cluster.App.Password),
                Capabilities = Capabilities.DeprecateEof, Tls = TlsMode.Disabled, Attributes = ConnectionAttributes.FromPairs([new("_client_name", "mysql-connector-net")]),
            });
            Assert.Equal(["1"], await client.RowsAsync("SELECT @@old_mode LIKE '%NO_NULL_COLLATION_IDS%'"));
            Assert.Equal(["1"], await client.RowsAsync("/* dbproxy:primary */ SELECT @@old_mode LIKE '%NO_NULL_COLLATION_IDS%'"));
        }
    }
}
