using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Demo;

/// <summary>The demo from the outside: what it prints, how it ends, and what it leaves behind.</summary>
public sealed class DemoTests
{
    [Theory]
    [EachFlavor]
    public async Task A_timed_demo_passes_and_leaves_nothing_behind(Flavor flavor)
    {
        await using var demo = await StartAsync(flavor, "--seconds", "6");
        await demo.SaysAsync(" q/s | db1 primary up");
        Assert.Equal(0, await demo.EndsAsync());
        Assert.Matches(@"(?m)^  db1  primary .* [1-9][\d,]* writes$", demo.Output);
        Assert.Matches(@"(?m)^  db2  replica .* [1-9][\d,]* reads +0 writes$", demo.Output);
        Assert.Matches(@"(?m)^  db3  replica .* [1-9][\d,]* reads +0 writes$", demo.Output);
        Assert.Matches(@"(?m)^Stale reads: 0 of [1-9]", demo.Output);
        Assert.Matches(@"(?m) a second, 0 errors$", demo.Output);
        Assert.Contains("Result: passed", demo.Output, StringComparison.Ordinal);
        demo.LeftNothing();
    }

    [Fact]
    public async Task Its_connection_string_and_its_metrics_serve_others_and_Ctrl_C_ends_it()
    {
        await using var demo = await StartAsync(await AnyFlavorAsync());
        await demo.SaysAsync(" q/s ");
        await using (var connection = new MySqlConnection(Printed(demo, "Connection string:")))
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            await using var command = new MySqlCommand("SELECT COUNT(*) FROM products", connection);
            Assert.Equal(1000L, await command.ExecuteScalarAsync(TestContext.Current.CancellationToken));
        }

        using (var http = new HttpClient())
        {
            var metrics = await http.GetStringAsync(Printed(demo, "Metrics:"), TestContext.Current.CancellationToken);
            Assert.Contains("dbproxy_server_up{server=\"db1\"} 1", metrics, StringComparison.Ordinal);
            Assert.Contains("</html>", await http.GetStringAsync(Printed(demo, "Statistics:"), TestContext.Current.CancellationToken), StringComparison.Ordinal);
        }

        demo.Signal(ChildProcess.Interrupt);
        Assert.Equal(0, await demo.EndsAsync());
        Assert.Contains("Result: passed", demo.Output, StringComparison.Ordinal);
        demo.LeftNothing();
    }

    [Fact]
    public async Task SIGTERM_while_the_servers_start_leaves_nothing_behind()
    {
        await using var demo = await StartAsync(await AnyFlavorAsync());
        await demo.SaysAsync("Starting 1 primary");
        demo.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await demo.EndsAsync());
        Assert.Contains("Stopped before it began", demo.Output, StringComparison.Ordinal);
        demo.LeftNothing();
    }

    [Fact]
    public async Task A_lost_primary_shows_and_makes_the_exit_code_1()
    {
        await using var demo = await StartAsync(await AnyFlavorAsync());
        await demo.SaysAsync(" q/s ");
        demo.KillPrimary();
        await demo.SaysAsync("db1 primary down");
        await demo.SaysAsync("! db1 is Down");
        // Writes wait three seconds for a primary before they fail.
        await Task.Delay(TimeSpan.FromSeconds(5), TestContext.Current.CancellationToken);
        demo.Signal(ChildProcess.Interrupt);
        Assert.Equal(1, await demo.EndsAsync());
        Assert.Contains("Result: FAILED", demo.Output, StringComparison.Ordinal);
        demo.LeftNothing();
    }

    [Fact]
    public async Task Where_no_server_can_be_had_it_says_what_it_tried()
    {
        var nowhere = new Dictionary<string, string>
        {
            ["DBPROXY_MYSQLD"] = "/nowhere/mysqld",
            ["DBPROXY_MARIADBD"] = "/nowhere/mariadbd",
        };
        await using var demo = ChildProcess.Start(nowhere, "demo");
        Assert.Equal(1, await demo.EndsAsync());
        Assert.Contains("/nowhere/mysqld", demo.Output, StringComparison.Ordinal);
        Assert.Contains("/nowhere/mariadbd", demo.Output, StringComparison.Ordinal);
    }

    /// <summary>Any kind of server shows what these tests are about; a host's own MariaDB starts fastest.</summary>
    private static async Task<Flavor> AnyFlavorAsync() =>
        (await ServerBinaries.FindAsync(Flavor.MariaDb)).Found ? Flavor.MariaDb : Flavor.MySql;

    private static async Task<ChildProcess> StartAsync(Flavor flavor, params string[] arguments)
    {
        var found = await ServerBinaries.FindAsync(flavor, cancel: TestContext.Current.CancellationToken);
        if (!found.Found)
        {
            Assert.Skip(found.Explanation);
        }

        return ChildProcess.Start(["demo", "--flavor", flavor == Flavor.MySql ? "mysql" : "mariadb", .. arguments]);
    }

    private static string Printed(ChildProcess demo, string label) => demo.Output.Split('\n')
        .First(l => l.StartsWith(label, StringComparison.Ordinal))[label.Length..].Trim();
}
