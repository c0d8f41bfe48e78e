using System.Net;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Admin;

/// <summary>Database servers taken out and back in over the runtime API, proved by the servers that answer.</summary>
public sealed class DatabaseServerTests
{
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY)";

    [Theory, EachFlavor]
    public async Task A_drained_replica_finishes_what_it_has_and_gets_nothing_new(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var reader = await bed.OpenAsync();
        await using var reporting = await bed.OpenAsync();
        await reporting.RunAsync("START TRANSACTION READ ONLY");
        var replica = await reporting.ServerIdAsync();
        var path = $"/api/v1/mysql/servers/s{replica}";

        var drained = await admin.PatchAsync(path, """{ "state": "drain", "reason": "new disk" }""");
        Assert.Equal(("drain", "replica", "False"), (drained.Text("order"), drained.Text("role"), drained.Text("inRotation")));
        Assert.StartsWith("drain (new disk): replica", drained.Text("reason"), StringComparison.Ordinal);
        Assert.Contains($"dbproxy_server_taken_out{{server=\"s{replica}\"}} 1", await admin.Client.GetStringAsync("/metrics"), StringComparison.Ordinal);
        for (var i = 0; i < 20; i++)
            Assert.NotEqual(replica, await reader.ServerIdAsync());
        Assert.Equal(replica, await reporting.ServerIdAsync());
        Assert.True((await admin.GetAsync(path)).Number("connections", "inUse") > 0);
        await reporting.RunAsync("COMMIT");
        Assert.NotEqual(replica, await reporting.ServerIdAsync());
        await Eventually.IsTrueAsync(async () => (await admin.GetAsync(path)).Number("connections", "open") == 0, () => "its connections are closed");

        await admin.PatchAsync(path, """{ "state": "ready" }""");
        await Eventually.IsTrueAsync(async () => await reader.ServerIdAsync() == replica, () => "it answers again");
    }

    [Theory, EachFlavor]
    public async Task A_drained_primary_lets_transactions_end_while_new_writes_wait_for_a_primary(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Routing.PrimaryWait = TimeSpan.FromSeconds(60), Table);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var running = await bed.OpenAsync();
        await using var waiting = await bed.OpenAsync();
        await running.RunAsync("BEGIN", "INSERT INTO t VALUES (1)");
        await admin.PatchAsync("/api/v1/mysql/servers/s1", """{ "state": "drain" }""");
        var write = waiting.RunAsync("INSERT INTO t VALUES (2)");
        await Eventually.IsTrueAsync(async () => (await admin.GetAsync("/api/v1/mysql")).Number("waits") == 1, () => "the write waits");
        await running.RunAsync("INSERT INTO t VALUES (3)", "COMMIT");
        Assert.False(write.IsCompleted);
        await admin.PatchAsync("/api/v1/mysql/servers/s1", """{ "state": "ready" }""");
        Assert.Equal(1, await write);
        Assert.Equal(3L, await bed.OnServerAsync(bed.Cluster.Primary, $"SELECT COUNT(*) FROM {bed.Schema}.t"));
    }

    [Theory, EachFlavor]
    public async Task With_its_primary_in_maintenance_writes_fail_and_say_why_and_what_ran_is_cut(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Routing.PrimaryWait = TimeSpan.FromMilliseconds(100), Table);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var running = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        await running.RunAsync("BEGIN", "INSERT INTO t VALUES (1)");
        await admin.PatchAsync("/api/v1/mysql/servers/s1", """{ "state": "maint", "reason": "power supply" }""");
        var error = await other.FailsAsync("INSERT INTO t VALUES (2)");
        Assert.Contains("The primary server s1 is taken out by an operator: maint (power supply)", error.Message, StringComparison.Ordinal);
        Assert.NotEqual(1, await other.ServerIdAsync());
        await Assert.ThrowsAnyAsync<MySqlException>(() => running.RunAsync("INSERT INTO t VALUES (3)"));
        await Eventually.IsTrueAsync(async () => (await admin.GetAsync("/api/v1/mysql/servers/s1")).Number("connections", "open") == 0, () => "its connections are closed");
        await using var another = await bed.OpenAsync();
        Assert.NotEqual(1, await another.ServerIdAsync());

        await admin.PatchAsync("/api/v1/mysql/servers/s1", """{ "state": "ready" }""");
        Assert.Equal(1, await other.RunAsync("INSERT INTO t VALUES (4)"));
        Assert.Equal(1L, await bed.OnServerAsync(bed.Cluster.Primary, $"SELECT COUNT(*) FROM {bed.Schema}.t"));
    }

    [Theory, EachFlavor]
    public async Task Statements_sessions_and_pins_are_counted_where_they_were(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        await session.RunAsync("INSERT INTO t VALUES (1)");
        for (var i = 0; i < 10; i++)
            await session.ServerIdAsync();
        await session.RunAsync("SET @x = 1");
        var mysql = (await admin.GetAsync("/api/v1/stats")).GetProperty("mysql");
        Assert.Equal(("s1", 1, 1), (mysql.Text("primary"), mysql.Number("sessions", "now"), mysql.Number("sessions", "total")));
        var servers = mysql.GetProperty("servers");
        Assert.Equal(["primary", "replica", "replica"], servers.EnumerateArray().Select(s => s.Text("role")));
        Assert.Equal((1, 10), (servers[0].Number("statements", "write"), servers.EnumerateArray().Sum(s => s.Number("statements", "read"))));
        Assert.NotEmpty(servers[1].Text("gtids"));
        Assert.Equal((1, 1), (mysql.GetProperty("pins").Find("reason", "user_variable").Number("now"), mysql.GetProperty("pins").Find("reason", "user_variable").Number("total")));
        Assert.True(mysql.GetProperty("routes").Find("reason", "write").Number("total") >= 1);
        var only = Assert.Single((await admin.GetAsync("/api/v1/sessions?search=user_variable")).GetProperty("sessions").EnumerateArray());
        Assert.Equal((bed.Cluster.App.User, "s1", "pinned", bed.Schema), (only.Text("user"), only.Text("server"), only.Text("state"), only.Text("schema")));
        Assert.Equal($"mysql:{await session.NumberAsync("SELECT CONNECTION_ID()")}", only.Text("id"));
        Assert.Equal(0, (await admin.GetAsync("/api/v1/sessions?search=nothing_of_it")).Number("total"));
        await admin.PostAsync("/api/v1/counters/reset", null, HttpStatusCode.NoContent);
        Assert.Equal(0, (await admin.GetAsync("/api/v1/mysql/servers/s1")).Number("statements", "write"));
    }

    [Theory, EachFlavor]
    public async Task An_ended_session_s_statement_ends_on_the_server_too(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var session = await bed.OpenAsync();
        var id = await session.NumberAsync("SELECT CONNECTION_ID()");
        var mark = $"SLEEP(100 + 0 * {id})";
        var sleep = session.RunAsync($"DO {mark}");
        await Eventually.IsTrueAsync(() => RunsAsync(1), () => "it runs");
        await admin.DeleteAsync($"/api/v1/sessions/mysql:{id}");
        await Assert.ThrowsAnyAsync<MySqlException>(() => sleep);
        await Eventually.IsTrueAsync(() => RunsAsync(0), () => "it has ended on the server");
        Assert.Contains("may have ended", (await admin.DeleteAsync($"/api/v1/sessions/mysql:{id}", HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);

        async Task<bool> RunsAsync(int count) => Convert.ToInt32(await bed.OnServerAsync(
            bed.Cluster.Primary, $"SELECT COUNT(*) FROM {ProcessList.Of(flavor)} WHERE info LIKE 'DO %{id})'")) == count;
    }

    [Theory]
    [InlineData("s1", """{ "state": "off" }""", HttpStatusCode.BadRequest, "\"off\" is not one of ready, drain, maint")]
    [InlineData("s1", """{ "weight": 0 }""", HttpStatusCode.BadRequest, "weight: 0 is out of range; use 1 to 1000")]
    [InlineData("s9", """{ "state": "drain" }""", HttpStatusCode.NotFound, "There is no database server \"s9\"; there are s1, s2, s3.")]
    public async Task Mistakes_are_named_and_change_nothing(string server, string json, HttpStatusCode status, string detail)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        Assert.Contains(detail, (await admin.PatchAsync($"/api/v1/mysql/servers/{server}", json, status)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal("ready", (await admin.GetAsync("/api/v1/mysql/servers/s1")).Text("order"));
    }

    [Theory]
    [InlineData("{ \"address\": \"127.0.0.1\" }", HttpStatusCode.BadRequest, "address: ")]
    [InlineData("{ \"address\": \"127.0.0.1:0\" }", HttpStatusCode.BadRequest, "address: \"127.0.0.1:0\" is no server's address; write host:port.")]
    [InlineData("{ \"address\": \"127.0.0.1:1\", \"weight\": 0 }", HttpStatusCode.BadRequest, "weight: 0 is out of range; use 1 to 1000.")]
    [InlineData("{ \"address\": \"127.0.0.1:1\", \"proxyProtocol\": \"v3\" }", HttpStatusCode.BadRequest, "proxyProtocol: \"v3\" is not one of none, v1, v2.")]
    [InlineData("{ \"address\": \"127.0.0.1:1\", \"name\": \"s2\" }", HttpStatusCode.Conflict, "There is a server \"s2\" already; give the new one another name.")]
    [InlineData("{ \"address\": \"S1\", \"name\": \"s4\" }", HttpStatusCode.Conflict, "\"s1\" and \"s4\" would both be at ")]
    public async Task One_that_cannot_be_added_is_refused_and_changes_nothing(string json, HttpStatusCode status, string detail)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb);
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        var before = bed.Proxy.Server.Topology.Servers;
        json = json.Replace("S1", $"127.0.0.1:{bed.Cluster.Primary.Port}", StringComparison.Ordinal);
        Assert.StartsWith(detail, (await admin.PostAsync("/api/v1/mysql/servers", json, status)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal(before, bed.Proxy.Server.Topology.Servers);
    }

    [Theory, EachFlavor]
    public async Task A_removed_server_is_cut_on_request_but_comes_back_only_when_it_is_added_again(Flavor flavor)
    {
        // A busy machine must not take it down, which cuts, too.
        await using var bed = await TestBed.StartAsync(flavor, o => (o.Monitor.ConnectTimeout, o.Monitor.Timeout) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10)));
        await using var admin = await AdminBed.StartAsync(proxy: bed.Proxy.Server);
        await using var pinned = await bed.OpenAsync();
        await pinned.RunAsync("START TRANSACTION READ ONLY");
        var replica = await pinned.ServerIdAsync();
        var path = $"/api/v1/mysql/servers/s{replica}";
        await admin.DeleteAsync(path);
        Assert.Contains("was removed", (await admin.PatchAsync(path, "{ \"state\": \"ready\" }", HttpStatusCode.Conflict)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal("drain", (await admin.GetAsync(path)).Text("order"));
        await admin.PatchAsync(path, "{ \"state\": \"maint\", \"reason\": \"now\" }");
        await Eventually.IsTrueAsync(() => bed.Proxy.Server.Topology.Servers.Length == 2, "it is gone");
        await Assert.ThrowsAnyAsync<MySqlException>(() => pinned.RunAsync("SELECT 1"));
        await admin.GetAsync(path, HttpStatusCode.NotFound);
        var added = await admin.PostAsync("/api/v1/mysql/servers", $"{{ \"name\": \"s{replica}\", \"address\": \"127.0.0.1:{bed.Cluster.Servers[(int)replica - 1].Port}\" }}", HttpStatusCode.Created);
        Assert.Equal(("unknown", "ready"), (added.Text("role"), added.Text("order")));
        await using var session = await bed.OpenAsync();
        await Eventually.IsTrueAsync(async () => await session.ServerIdAsync() == replica, () => "it answers again");
    }

    [Fact]
    public async Task Without_a_mysql_proxy_there_is_none_to_look_at()
    {
        await using var admin = await AdminBed.StartAsync();
        Assert.Contains("no MySQL proxy", (await admin.GetAsync("/api/v1/mysql", HttpStatusCode.NotFound)).Text("detail"), StringComparison.Ordinal);
        Assert.Equal("", (await admin.GetAsync("/api/v1/stats")).Text("mysql"));
    }
}
