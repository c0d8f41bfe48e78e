using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using static DbProxy.IntegrationTests.Differential.Step;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>What a client is told of its session is what it asked the server for, and nothing of what the proxy asked for.</summary>
public sealed class SessionTrackTests
{
    private const Capabilities Tracking = DifferentialTests.Always | Capabilities.MultiStatements | Capabilities.SessionTrack;

    private const string ShowOwn = "SELECT @@session_track_system_variables, @@session_track_schema, @@session_track_state_change, @@session_track_transaction_info";

    [Theory, EachFlavor]
    public async Task A_clients_trackers_are_those_of_a_direct_connection(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.HoldTimeout = TimeSpan.FromMinutes(1), "CREATE TABLE k (i INT)");
        var report = new StringBuilder();
        foreach (Capabilities eof in new[] { Capabilities.DeprecateEof, Capabilities.None })
        {
            Capabilities wished = Tracking | eof | (flavor == Flavor.MySql ? Capabilities.QueryAttributes : 0);
            var direct = await DifferentialTests.RunAsync(bed, bed.Cluster.Primary.Port, wished, Stream(bed));
            DifferentialTests.Compare(report, $"{wished} (control: directly twice)", direct, await DifferentialTests.RunAsync(bed, bed.Cluster.Primary.Port, wished, Stream(bed)));
            DifferentialTests.Compare(report, wished.ToString(), direct, await DifferentialTests.RunAsync(bed, bed.Proxy.Port, wished, Stream(bed)));
        }

        Assert.True(report.Length == 0, report.ToString());
    }

    [Theory, EachFlavor]
    public async Task The_proxys_own_tracking_goes_on_when_a_client_switches_its_trackers_off(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE k (i INT)");
        await using var session = await bed.OpenAsync();
        foreach (string off in new[] { "session_track_schema = 0", "session_track_state_change = 0", "session_track_system_variables = ''" })
        {
            await session.RunAsync($"SET {off}");
        }

        Assert.Equal(Core.Sessions.PinReasons.None, Assert.Single(bed.Proxy.Context.Sessions.All).State.Pins);
        for (var i = 0; i < 30; i++)
        {
            // Reads go to replicas, have the session's last write, and its settings on every connection.
            await session.RunAsync($"INSERT INTO k VALUES ({i})", $"SET time_zone = '+0{i % 10}:00'", "USE app", $"USE {bed.Schema}");
            var row = (await session.RowsAsync("SELECT @@server_id, COUNT(*), @@time_zone, DATABASE() FROM k"))[0].Split('|');
            Assert.NotEqual($"{bed.PrimaryId}", row[0]);
            Assert.Equal([$"{i + 1}", $"+0{i % 10}:00", bed.Schema], row[1..]);
        }

        Assert.Equal("|0|0", string.Join('|', (await session.RowsAsync("SELECT @@session_track_system_variables, @@session_track_schema, @@session_track_state_change"))[0].Split('|')));
    }

    [Theory, EachFlavor]
    public async Task One_sessions_trackers_are_not_anothers(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 1, "CREATE TABLE k (i INT)");
        Capabilities wished = Tracking | Capabilities.DeprecateEof;
        using RawClient one = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, wished);
        using RawClient other = await RawClient.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, wished);
        await AnswerAsync(one, "SET session_track_transaction_info = 'STATE'");
        await AnswerAsync(one, "SET session_track_system_variables = '*'");
        for (var i = 0; i < 3; i++)
        {
            Assert.Contains("[SystemVariable sql_mode=", await AnswerAsync(one, "SET sql_mode = 'ANSI'"));
            Assert.DoesNotContain("[", await AnswerAsync(other, "SET sql_mode = 'ANSI'"));
            Assert.Contains("[SystemVariable time_zone=", await AnswerAsync(other, "SET time_zone = '+01:00'"));
        }

        Assert.Equal(Rows(await DirectDefaultsAsync(bed)), Rows(await AnswerAsync(other, ShowOwn)));
    }

    [Fact]
    public async Task Transaction_state_reaches_the_client_that_wants_it()
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, null, "CREATE TABLE k (i INT)");
        foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
        {
            using RawClient client = await RawClient.LoginAsync(port, bed.Cluster.App, bed.Schema, Tracking | Capabilities.DeprecateEof);
            // MySQL 9.7 tells the state at BEGIN and COMMIT in any case.
            Assert.Equal([SessionStateKind.TransactionState], await KindsAsync(client, "BEGIN"));
            Assert.Equal([], await KindsAsync(client, "INSERT INTO k VALUES (0)"));
            Assert.Equal([SessionStateKind.TransactionState], await KindsAsync(client, "COMMIT"));
            await KindsAsync(client, "SET session_track_transaction_info = 'CHARACTERISTICS'");
            Assert.Equal([SessionStateKind.TransactionCharacteristics, SessionStateKind.TransactionState], await KindsAsync(client, "BEGIN"));
            Assert.Contains(SessionStateKind.TransactionState, await KindsAsync(client, "INSERT INTO k VALUES (1)"));
            await KindsAsync(client, "COMMIT");
            Assert.Equal([], await KindsAsync(client, "SET @x = 1"));
            await KindsAsync(client, "SET session_track_gtids = 'OWN_GTID'");
            Assert.Contains(SessionStateKind.Gtids, await KindsAsync(client, "INSERT INTO k VALUES (2)"));
        }
    }

    private static async Task<string> DirectDefaultsAsync(TestBed bed)
    {
        using RawClient direct = await RawClient.LoginAsync(bed.Cluster.Primary.Port, bed.Cluster.App, bed.Schema, Tracking | Capabilities.DeprecateEof);
        return await AnswerAsync(direct, ShowOwn);
    }

    private static IEnumerable<string> Rows(string answer) => answer.Split('\n').Where(l => l.StartsWith("ROW", StringComparison.Ordinal));

    private static async Task<string> AnswerAsync(RawClient client, string sql)
    {
        var answer = new AnswerReader(client);
        await Query(sql).Run(client, answer);
        return string.Join('\n', answer.Lines);
    }

    private static async Task<SessionStateKind[]> KindsAsync(RawClient client, string sql)
    {
        await client.CommandAsync(CommandKind.Query, Encoding.UTF8.GetBytes(sql));
        List<SessionStateKind> kinds = [];
        foreach (SessionStateChange change in OkPacket.Parse(await client.ReceiveAsync(), client.Negotiated).StateChanges)
        {
            kinds.Add(change.Kind);
        }

        return [.. kinds.Where(k => k != SessionStateKind.Schema).Order()];
    }

    private static IEnumerable<Step> Stream(TestBed bed) =>
    [
        Query(ShowOwn),
        Query("SHOW VARIABLES LIKE 'session\\_track%'"),
        .. Changes(bed),
        Query("SET session_track_system_variables = 'sql_mode, group_concat_max_len,no_such_variable'"),
        Query(ShowOwn),
        .. Changes(bed),
        Query("SET session_track_system_variables = CONCAT(@@session_track_system_variables, ',time_zone')"),
        .. Changes(bed),
        Query("SET session_track_schema = OFF"),
        .. Changes(bed),
        Query("SET session_track_state_change = ON"),
        .. Changes(bed),
        Query("SET session_track_state_change = 7"),
        Query("SET session_track_system_variables = '*'"),
        Query(ShowOwn),
        Query("SET sql_mode = 'ANSI'"),
        Query("SET @@session.session_track_system_variables = '', session_track_schema = 1"),
        .. Changes(bed),
        Prepare("show", ShowOwn),
        Execute("show", []),
        Prepare("off", "SET session_track_schema = 0"),
        Execute("off", []),
        Execute("show", []),
        Query($"USE app; USE {bed.Schema}"),
        Query("SET session_track_schema = 1; USE app"),
        Query("SELECT DATABASE()"),
        Query($"USE {bed.Schema}"),
        Command(CommandKind.ResetConnection),
        Query(ShowOwn),
        .. Changes(bed),
    ];

    private static IEnumerable<Step> Changes(TestBed bed) =>
    [
        Query("SET time_zone = '+01:00'"),
        Query("SET sql_mode = 'ANSI_QUOTES'"),
        Query("SET group_concat_max_len = 1000"),
        Query("SET NAMES latin1"),
        Query("SET NAMES utf8mb4"),
        Query("USE app"),
        Query($"USE {bed.Schema}"),
        Query("SET autocommit = 1"),
        Query("SELECT 1"),
        Query("INSERT INTO k VALUES (1)"),
        Query("SET sql_mode = DEFAULT, time_zone = DEFAULT"),
    ];
}
