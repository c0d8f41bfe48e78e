using System.Diagnostics;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.Wire;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>Ctrl-C in the servers' own shells, on a terminal: they send KILL QUERY with the id that they were given.</summary>
public sealed class InterruptedShellTests
{
    private const string Terminal = "/usr/bin/script";
    private const char ControlC = '\x03';

    [Theory]
    [InlineData(Flavor.MySql, Flavor.MySql)]
    [InlineData(Flavor.MariaDb, Flavor.MySql)]
    [InlineData(Flavor.MariaDb, Flavor.MariaDb)]
    public async Task Control_c_ends_the_statement_and_the_session_goes_on(Flavor shell, Flavor flavor)
    {
        Assert.SkipUnless(File.Exists(Terminal), $"There is no {Terminal} (Debian: bsdutils).");
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT PRIMARY KEY)", "INSERT INTO t VALUES (1)");
        var command = await CommandAsync(bed, shell);
        using var process = Start(command, bed.Cluster.App.Password);
        var screen = new StringBuilder();
        var reading = ReadAsync(process.StandardOutput, screen);
        string Screen()
        {
            lock (screen)
            {
                return screen.ToString();
            }
        }

        try
        {
            await TypeAsync(process, "SET @kept = 'still '; SELECT 're' 'ady';\n");
            await Eventually.IsTrueAsync(() => Screen().Contains("ready", StringComparison.Ordinal), () => Screen());
            await TypeAsync(process, "SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(100);\n");
            await RunningStatements.UntilAsync(bed, 1);
            await TypeAsync(process, $"{ControlC}");
            await RunningStatements.UntilAsync(bed, 0);
            await Eventually.IsTrueAsync(() => Screen().Contains("1317", StringComparison.Ordinal), () => Screen());
            await TypeAsync(process, "SELECT CONCAT(@kept, 'here', COUNT(*)) FROM t;\n");
            await Eventually.IsTrueAsync(() => Screen().Contains("still here1", StringComparison.Ordinal), () => Screen());
            await TypeAsync(process, "exit\n");
            await process.WaitForExitAsync(TestContext.Current.CancellationToken).WaitAsync(TimeSpan.FromSeconds(30));
        }
        finally
        {
            process.Kill(entireProcessTree: true);
            await reading;
        }
    }

    private static async Task<string> CommandAsync(TestBed bed, Flavor shell)
    {
        var found = await ServerBinaries.FindAsync(shell);
        if (found.Installation is not { ClientPath: { } path } installation)
        {
            Assert.Skip($"There is no command line client of {shell}. {found.Explanation}");
            return "";
        }

        // Unbuffered: what the shell says is on the screen at once.
        var command = installation.Run(
            path, ["--no-defaults", $"--user={bed.Cluster.App.User}", "--unbuffered", "--skip-auto-rehash", .. Shells.Tcp(shell, bed.Proxy.Port, tls: false), bed.Schema]);
        return string.Join(' ', ((string[])[command.FileName, .. command.Arguments]).Select(word => $"'{word}'"));
    }

    private static Process Start(string command, string password)
    {
        var start = new ProcessStartInfo(Terminal, ["--quiet", "--flush", "--command", command, "/dev/null"])
        {
            RedirectStandardInput = true, RedirectStandardOutput = true, UseShellExecute = false,
        };
        start.Environment["MYSQL_PWD"] = password;
        start.Environment["TERM"] = "dumb";
        return Process.Start(start)!;
    }

    private static async Task TypeAsync(Process process, string text)
    {
        await process.StandardInput.WriteAsync(text);
        await process.StandardInput.FlushAsync();
    }

    private static async Task ReadAsync(StreamReader from, StringBuilder screen)
    {
        var block = new char[1024];
        while (await from.ReadAsync(block) is var count and > 0)
        {
            lock (screen)
            {
                screen.Append(block, 0, count);
            }
        }
    }
}
