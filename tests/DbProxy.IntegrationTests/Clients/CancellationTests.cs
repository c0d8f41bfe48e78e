using DbProxy.IntegrationTests.Commands;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>
/// The drivers' own ways to end a statement that runs: timeout, token, Cancel. Each says the same through the proxy as on the
/// server, the session works on, and on the servers nothing runs any more of what would take minutes.
/// </summary>
public sealed class CancellationTests
{
    [Theory]
    [InlineData("mysqlconnector", Flavor.MySql)]
    [InlineData("mysqlconnector", Flavor.MariaDb)]
    [InlineData("mysql-data", Flavor.MySql)]
    [InlineData("mysql-data", Flavor.MariaDb)]
    [InlineData("efcore", Flavor.MySql)]
    [InlineData("efcore", Flavor.MariaDb)]
    public async Task A_statement_that_a_driver_cancels_ends_on_the_server(string name, Flavor flavor)
    {
        var client = ClientCatalog.Find(name);
        var folder = await ClientProgram.BuildAsync(client);
        var servers = await ClientServers.OfAsync(flavor);
        await using var proxy = await servers.StartProxyAsync(tls: false);
        var (directly, proxied) = (await servers.CreateSchemaAsync(), await servers.CreateSchemaAsync());
        var runs = await Task.WhenAll(
            RunAsync(servers.Cluster.Primary.Port, directly), RunAsync(proxy.Port, proxied));
        Assert.All(runs[0], line => Assert.StartsWith("ok ", line, StringComparison.Ordinal));
        Assert.NotEmpty(runs[0]);
        Assert.Equal(string.Join('\n', runs[0]), string.Join('\n', runs[1]));
        await RunningStatements.UntilAsync(servers.Cluster, proxied, 0);
        await EndOnServersAsync(servers, directly);
        await servers.DropSchemaAsync(directly);
        await servers.DropSchemaAsync(proxied);

        async Task<IReadOnlyList<string>> RunAsync(int port, string schema)
        {
            var told = servers.Tell(client, port, schema, tls: false);
            told["DBTEST_ONLY"] = "cancellation";
            var output = await ClientProgram.RunAsync(client, folder, told);
            Assert.True(output.ExitCode == 0, output.ToString());
            return output.Lines;
        }
    }

    /// <summary>Without a proxy what MySql.Data gave up goes on.</summary>
    private static async Task EndOnServersAsync(ClientServers servers, string schema)
    {
        var query = $"SELECT MAX(id) FROM {ProcessList.Of(servers.Cluster.Installation.Flavor)} WHERE db = '{schema}'";
        while (await ServerAdmin.ScalarAsync(servers.Cluster, servers.Cluster.Primary, query) is { } id and not DBNull)
        {
            try
            {
                await ServerAdmin.RunAsync(servers.Cluster, servers.Cluster.Primary, $"KILL {id}");
            }
            catch (MySqlException e) when (e.ErrorCode == MySqlErrorCode.NoSuchThread)
            {
                // It has ended meanwhile.
            }
        }
    }
}
