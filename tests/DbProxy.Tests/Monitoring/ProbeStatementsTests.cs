using DbProxy.Core.Monitoring;
using Xunit;

namespace DbProxy.Tests.Monitoring;

public sealed class ProbeStatementsTests
{
    [Theory]
    [InlineData("5.7.44", "SHOW SLAVE STATUS")]
    [InlineData("8.0.21", "SHOW SLAVE STATUS")]
    [InlineData("8.0.22", "SHOW REPLICA STATUS")]
    [InlineData("8.4.0", "SHOW REPLICA STATUS")]
    public void Mysql_is_asked_with_the_words_of_its_version(string version, string expected) =>
        Assert.EndsWith(expected, ProbeStatements.Regular(ServerFlavor.MySql, new Version(version), StatusSource.Show));

    [Fact]
    public void Each_flavor_begins_with_the_best_source_it_has()
    {
        Assert.Equal(StatusSource.PerformanceSchema, ProbeStatements.Best(ServerFlavor.MySql, new(8, 0), true));
        Assert.Equal(StatusSource.Show, ProbeStatements.Best(ServerFlavor.MySql, new(8, 0), false));
        Assert.Equal(StatusSource.Show, ProbeStatements.Best(ServerFlavor.MySql, new(5, 7), true));
        Assert.Equal(StatusSource.Show, ProbeStatements.Best(ServerFlavor.MariaDb, new(10, 11), true));
    }
}
