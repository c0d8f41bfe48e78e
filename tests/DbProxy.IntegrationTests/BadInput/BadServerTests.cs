using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.BadInput;

/// <summary>A replica that sends nonsense: reads get their answers elsewhere or an error, nobody hangs, and it may come back.</summary>
public sealed class BadServerTests
{
    public static IEnumerable<TheoryDataRow<string, Func<byte[], byte[]>>> Lies()
    {
        var random = new Random(11);
        return
        [
            new("noise", piece => { var noise = new byte[piece.Length]; random.NextBytes(noise); return noise; }),
            new("lengths that lie", piece => [0xF0, 0xFF, 0x7F, .. piece[Math.Min(3, piece.Length)..]]),
            new("zeros", piece => new byte[piece.Length]),
            new("errors cut short", _ => [1, 0, 0, 1, 0xFF]),
            new("another protocol", _ => "HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray()),
        ];
    }

    [Theory]
    [MemberData(nameof(Lies), DisableDiscoveryEnumeration = true)]
    public async Task Nonsense_from_a_replica_hangs_nobody_and_hurts_no_other_session(string what, Func<byte[], byte[]> lie)
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        using var link = new LyingLink(cluster.Replicas[0].Port);
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, o =>
        {
            o.ServerTls.Mode = ServerTlsMode.Disabled;
            o.Routing.CausalReads = CausalReadsMode.None;
            o.Servers.Single(s => s.Address == $"127.0.0.1:{cluster.Replicas[0].Port}").Address = $"127.0.0.1:{link.Port}";
        });
        await using var other = await bed.OpenAsync();
        await other.RunAsync("CREATE TABLE t (a INT)", "INSERT INTO t VALUES (1)", "BEGIN", "INSERT INTO t VALUES (2)");

        link.Lie = lie;
        for (var i = 0; i < 30; i++)
        {
            await using var reader = await bed.OpenAsync();
            try
            {
                Assert.Equal(7, await reader.NumberAsync("SELECT 7").WaitAsync(TimeSpan.FromSeconds(30)));
            }
            catch (MySqlException)
            {
                // An answer that was damaged in its middle can't be taken back.
            }
        }

        Assert.True(link.Lies > 0, $"{what}: the replica was never asked");
        await other.RunAsync("COMMIT");
        Assert.Equal(2, await other.NumberAsync("SELECT COUNT(*) FROM t FOR UPDATE"));
        link.Lie = null;
        await Eventually.IsTrueAsync(
            () => bed.Proxy.Server.Topology.Current.Fresh.Length == cluster.Replicas.Count, () => $"{what}: the replica is back");
    }
}
