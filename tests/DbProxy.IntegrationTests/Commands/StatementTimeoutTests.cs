using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>Limits that the servers themselves put on a statement's time.</summary>
public sealed class StatementTimeoutTests
{
    private const string Rows = "SELECT COUNT(*) FROM n a, n b, n c, n d, n e, n f, n g, n h WHERE a.i + h.i > 0";

    private static readonly string[] Tables =
        ["CREATE TABLE n (i INT PRIMARY KEY)", "INSERT INTO n VALUES (1), (2), (3), (4), (5), (6), (7), (8), (9), (10), (11), (12), (13), (14), (15)"];

    [Theory]
    [InlineData("SELECT /*+ MAX_EXECUTION_TIME(200) */ COUNT(*) FROM n a, n b, n c, n d, n e, n f, n g, n h WHERE a.i + h.i > 0", null)]
    [InlineData(Rows, "SET max_execution_time = 200")]
    [InlineData("/* dbproxy:primary */ " + Rows, "SET SESSION max_execution_time = 200")]
    public async Task Mysql_ends_a_read_by_3024(string sql, string? setting)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MySql, null, Tables);
        await EndsAsync(bed, sql, setting, 3024, "SET max_execution_time = 0");
    }

    [Theory]
    [InlineData(Rows, "SET max_statement_time = 0.2")]
    [InlineData("SET STATEMENT max_statement_time = 0.2 FOR " + Rows, null)]
    [InlineData("UPDATE n SET i = -1 WHERE i = 1 AND SLEEP(100) = 0", "SET max_statement_time = 0.2")]
    public async Task Mariadb_ends_a_statement_by_1969(string sql, string? setting)
    {
        await using var bed = await TestBed.StartAsync(Flavor.MariaDb, null, Tables);
        await EndsAsync(bed, sql, setting, 1969, "SET max_statement_time = 0");
    }

    /// <summary>With the server's error; and the limit follows the session, and nobody else, to other connections.</summary>
    private static async Task EndsAsync(TestBed bed, string sql, string? setting, int code, string unset)
    {
        await using var session = await bed.OpenAsync();
        await using var other = await bed.OpenAsync();
        for (var i = 0; i < 3; i++)
        {
            if (setting is not null && i == 0)
            {
                await session.RunAsync(setting);
            }

            var error = await session.FailsAsync(sql);
            Assert.True(error.Number == code, $"{error.Number} {error.Message}");
            Assert.Equal(15, await session.NumberAsync("SELECT COUNT(*) FROM n"));
            Assert.Equal(0, await other.NumberAsync("SELECT SLEEP(0.3) FROM n WHERE i = 1"));
        }

        await session.RunAsync(unset, "BEGIN", "INSERT INTO n VALUES (100)");
        if (setting is not null)
        {
            await session.RunAsync(setting);
        }

        Assert.Equal(code, (await session.FailsAsync(sql)).Number);
        await session.RunAsync(unset, "COMMIT");
        Assert.Equal(16, await session.NumberAsync("SELECT COUNT(*) FROM n"));
        await RunningStatements.UntilAsync(bed, 0);
    }
}
