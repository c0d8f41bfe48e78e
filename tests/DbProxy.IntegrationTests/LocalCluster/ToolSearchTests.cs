using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Binaries;
using DbProxy.LocalCluster.Processes;
using Xunit;

namespace DbProxy.IntegrationTests.LocalCluster;

public sealed class ToolSearchTests
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    /// <summary>With Debian's smallest program in the place of nginx and Prometheus.</summary>
    [Fact]
    public async Task A_program_that_the_host_lacks_comes_from_its_package_and_runs()
    {
        var cache = Directory.CreateTempSubdirectory("dbproxy-tools-").FullName;
        try
        {
            List<string> tried = [];
            var options = new LocalClusterOptions { CacheFolder = cache };
            var found = await ToolSearch.FindAsync("hello", "hello", options, tried, TestContext.Current.CancellationToken);
            if (found is null)
                Assert.Skip(string.Join('\n', tried));
            var result = await ProgramRunner.RunAsync(new(found, []), Limit, TestContext.Current.CancellationToken);
            Assert.True(result.Succeeded, result.Reason);
            Assert.Contains("Hello, world", result.Output, StringComparison.Ordinal);
        }
        finally
        {
            Folders.Delete(cache);
        }
    }
}
