using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using Xunit;
using static DbProxy.IntegrationTests.Differential.Step;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>What only one kind of server can do: directly and through the proxy, decoded packets compared.</summary>
public sealed class CapabilityTests
{
    private const Capabilities Modern = DifferentialTests.Always | Capabilities.MultiStatements;

    private static readonly (string Name, object? Value)[] Kinds =
    [
        ("traceparent", "00-abc-def-01"), ("long", 7L), ("int", 8), ("short", (short)9), ("tiny", (sbyte)1), ("double", 1.5), ("float", 2.5f),
        ("null", null), ("date", new DateTime(2024, 5, 6)), ("last", "end"),
    ];

    [Theory]
    [InlineData(Flavor.MySql, Capabilities.QueryAttributes)]
    [InlineData(Flavor.MySql, Capabilities.OptionalResultsetMetadata)]
    [InlineData(Flavor.MySql, Capabilities.QueryAttributes | Capabilities.OptionalResultsetMetadata)]
    [InlineData(Flavor.MariaDb, Capabilities.MariaDbExtendedMetadata | Capabilities.MariaDbStmtBulkOperations | Capabilities.MariaDbProgress)]
    [InlineData(Flavor.MariaDb, Capabilities.MariaDbStmtBulkOperations)]
    [InlineData(Flavor.MySql, Capabilities.FoundRows)]
    [InlineData(Flavor.MariaDb, Capabilities.FoundRows)]
    public async Task The_whole_stream_is_the_same_with(Flavor flavor, Capabilities special)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.HoldTimeout = TimeSpan.FromMinutes(1));
        await CompareAsync(bed, special, eof => [], whole: true);
    }

    [Fact]
    public async Task Query_attributes_reach_the_server()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql);
        // Not replicated, and replicas are read-only: the statements have to go to the primary.
        await bed.OnPrimaryAsync("INSTALL COMPONENT 'file://component_query_attributes'");
        try
        {
            await CompareAsync(bed, Capabilities.QueryAttributes, _ => QueryAttributes());
            using RawClient client = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Modern | Capabilities.QueryAttributes | Capabilities.DeprecateEof);
            Assert.Contains("ROW \\0d00-abc-def-01", await AnswerAsync(client, Query("/* dbproxy:primary */ SELECT mysql_query_attribute_string('traceparent')", Kinds)));
        }
        finally
        {
            await bed.OnPrimaryAsync("UNINSTALL COMPONENT 'file://component_query_attributes'");
        }
    }

    [Fact]
    public async Task A_statement_behind_attributes_is_classified_by_its_text()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, null, "CREATE TABLE t (i INT)");
        using RawClient client = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Modern | Capabilities.QueryAttributes);
        Assert.DoesNotContain($"ROW \\01{bed.PrimaryId}", await AnswerAsync(client, Query("SELECT @@server_id", Kinds)));
        Assert.DoesNotContain($"ROW \\01{bed.PrimaryId}", await AnswerAsync(client, Query("SELECT @@server_id")));
        Assert.Contains("OK 00 1 rows", (await AnswerAsync(client, Query("INSERT INTO t VALUES (1)", Kinds)))[0]);
        Assert.Contains($"ROW \\01{bed.PrimaryId}", await AnswerAsync(client, Query("SELECT @@server_id FROM t FOR UPDATE", [("x", "SELECT 1")])));
        await client.CommandAsync(CommandKind.Query, new byte[] { 200, 1, 0 });
        Assert.Equal(0xFF, (await client.ReceiveAsync())[0]);
        Assert.Contains("ROW \\011", await AnswerAsync(client, Query("SELECT 1")));
    }

    [Fact]
    public async Task Result_metadata_is_left_out_where_the_session_says_so()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql);
        await CompareAsync(bed, Capabilities.OptionalResultsetMetadata, _ => NoMetadata());
        await CompareAsync(bed, Capabilities.None, _ => [Query("SET resultset_metadata = NONE"), Query("SELECT 1")]);
    }

    private static IEnumerable<Step> QueryAttributes() =>
    [
        Query("/* dbproxy:primary */ SELECT mysql_query_attribute_string('traceparent')"),
        .. Kinds.Select(k => Query($"/* dbproxy:primary */ SELECT mysql_query_attribute_string('{k.Name}')", Kinds)),
        Query("/* dbproxy:primary */ SELECT 1; SELECT mysql_query_attribute_string('last')", Kinds),
        Prepare("attribute", "/* dbproxy:primary */ SELECT ? AS v, mysql_query_attribute_string('last')"),
        Execute("attribute", [5L]),
        Execute("attribute", [5L], attributes: Kinds),
        Execute("attribute", [6L], attributes: [("last", "other")]),
        Execute("attribute", ["text"], attributes: Kinds),
        Execute("attribute", [null], sendTypes: false),
        Prepare("nothing", "/* dbproxy:primary */ SELECT mysql_query_attribute_string('last')"),
        Execute("nothing", []),
        Execute("nothing", [], attributes: Kinds),
        Query("/* dbproxy:primary */ SELECT 'none'", []),
    ];

    private static IEnumerable<Step> NoMetadata() =>
    [
        Query("SELECT 1, 2 UNION SELECT 3, 4"),
        Query("SET resultset_metadata = NONE"),
        Query("SELECT 1, 2 UNION SELECT 3, 4"),
        Query("SELECT 1 FROM DUAL WHERE 1 = 0"),
        Query("SELECT 1; SELECT 2, 3"),
        Query("SHOW WARNINGS"),
        Prepare("two", "SELECT ? AS a, ? AS b"),
        Execute("two", [1L, "x"]),
        Execute("two", [2L, "y"], sendTypes: false),
        Query("SET resultset_metadata = FULL"),
        Execute("two", [3L, "z"], sendTypes: false),
        Query("SELECT 1, 2"),
    ];

    private static async Task CompareAsync(TestBed bed, Capabilities special, Func<bool, IEnumerable<Step>> steps, bool whole = false)
    {
        var report = new StringBuilder();
        foreach (Capabilities varied in new[] { Capabilities.None, Capabilities.DeprecateEof, Capabilities.DeprecateEof | Capabilities.SessionTrack })
        {
            Capabilities wished = Modern | special | varied;
            var direct = await DifferentialTests.RunAsync(bed, bed.Cluster.Primary.Port, wished, whole ? null : steps(true));
            Assert.Contains(special.ToString(), special == 0 ? special.ToString() : direct[0].Answer[0]);
            DifferentialTests.Compare(report, wished.ToString(), direct, await DifferentialTests.RunAsync(bed, bed.Proxy.Port, wished, whole ? null : steps(true)));
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    private static async Task<IReadOnlyList<string>> AnswerAsync(RawClient client, Step step)
    {
        var answer = new AnswerReader(client);
        await step.Run(client, answer);
        return answer.Lines;
    }
}
