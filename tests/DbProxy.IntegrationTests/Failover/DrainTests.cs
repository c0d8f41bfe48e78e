using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>A proxy that stops in order, as applications with pools of connections see it.</summary>
public sealed class DrainTests
{
    [Theory]
    [EachFlavor]
    public async Task It_ends_sessions_where_pools_take_them_up_anew_and_not_between_two_statements(Flavor flavor)
    {
        var cluster = await Clusters.SharedAsync(flavor);
        // A tenth of it is how long a client may pause between two statements, half of it until it is cut there.
        await using var proxy = await ProxyUnderTest.StartAsync(cluster, o => o.Limits.DrainTimeout = TimeSpan.FromMinutes(10));
        await using var reset = await proxy.OpenAsync();
        await using var pinged = await proxy.OpenAsync();
        var drain = proxy.Server.DrainAsync(TestContext.Current.CancellationToken);
        await Eventually.IsTrueAsync(() => !proxy.Server.IsReady, "it drains");
        for (var i = 0; i < 5; i++)
        {
            Assert.Equal(1L, Convert.ToInt64(await ScalarAsync(reset, "SELECT 1"), System.Globalization.CultureInfo.InvariantCulture));
            Assert.Equal(1L, Convert.ToInt64(await ScalarAsync(pinged, "SELECT 1"), System.Globalization.CultureInfo.InvariantCulture));
        }

        Assert.False(drain.IsCompleted);
        Assert.False(await pinged.PingAsync(TestContext.Current.CancellationToken));
        await Assert.ThrowsAnyAsync<Exception>(async () => await reset.ResetConnectionAsync(TestContext.Current.CancellationToken));
        await drain.WaitAsync(TimeSpan.FromSeconds(60), TestContext.Current.CancellationToken);
    }

    private static async Task<object?> ScalarAsync(MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
    }
}
