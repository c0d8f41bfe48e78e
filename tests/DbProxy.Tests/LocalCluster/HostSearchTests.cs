using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Binaries;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class HostSearchTests
{
    private const string MariaDb = "mysqld  Ver 10.11.19-MariaDB-0+deb12u1 for debian-linux-gnu on x86_64 (Debian 12)";
    private const string MySql = "/usr/sbin/mysqld  Ver 9.7.4-2 for Linux on x86_64 ((Debian))";

    [Theory]
    [InlineData(ServerFlavor.MySql, MySql, null)]
    [InlineData(ServerFlavor.MariaDb, MariaDb, null)]
    [InlineData(ServerFlavor.MySql, MariaDb, "it is MariaDb 10.11.19")]
    [InlineData(ServerFlavor.MariaDb, MySql, "it is MySql 9.7.4")]
    [InlineData(ServerFlavor.MySql, "mysqld  Ver 5.7.44 for Linux", "version 5.7.44 is older than 8.0.26")]
    [InlineData(ServerFlavor.MySql, "hello", "its --version says no version: hello")]
    public void AProgramIsWhatItsVersionSays(ServerFlavor wanted, string printed, string? problem) =>
        Assert.Equal(problem, HostSearch.Problem(wanted, printed, out _));

    [Fact]
    public async Task AConfiguredPathThatDoesNotFitIsReportedAndNotReplaced()
    {
        var options = new LocalClusterOptions { MySqlServerPath = "/bin/echo" };

        var result = await ServerBinaries.FindAsync(ServerFlavor.MySql, options, TestContext.Current.CancellationToken);

        Assert.False(result.Found);
        Assert.Contains("configured path: /bin/echo", Assert.Single(result.Tried));
        Assert.Contains("Tried:", result.Explanation);
    }

    [Fact]
    public async Task EveryWayThatFailedIsNamed()
    {
        var options = new LocalClusterOptions
        {
            MySqlServerPath = null,
            IgnorePath = true,
            AllowDownload = false,
            AllowDocker = false,
            CacheFolder = Path.Combine(Path.GetTempPath(), $"dbproxy-none-{Guid.NewGuid():N}"),
        };

        var result = await ServerBinaries.FindAsync(ServerFlavor.MySql, options, TestContext.Current.CancellationToken);

        Assert.False(result.Found);
        Assert.Contains("PATH:", result.Explanation);
        Assert.Contains("packages:", result.Explanation);
        Assert.False(Directory.Exists(options.CacheFolder));
    }

    [Fact]
    public void UnpackedProgramsStartThroughTheirOwnLoader()
    {
        var installation = HostSearch.Describe(ServerFlavor.MySql, "/cache/usr/sbin/mysqld") with
        {
            LoaderPath = "/cache/ld.so",
            LibraryPath = "/cache/a:/cache/b",
        };

        var command = installation.Run(installation.ServerPath, "--x");

        Assert.Equal("/cache/ld.so", command.FileName);
        Assert.Equal(["--library-path", "/cache/a:/cache/b", "/cache/usr/sbin/mysqld", "--x"], command.Arguments);
    }
}
