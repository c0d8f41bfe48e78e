using DbProxy.Core.Monitoring;
using Xunit;

namespace DbProxy.Tests.Monitoring;

public sealed class IdentityReaderTests
{
    [Theory]
    [InlineData("10.11.14-MariaDB-0+deb12u2-log", "10.11.14")]
    [InlineData("9.7.4-2", "9.7.4")]
    [InlineData("8.0.36", "8.0.36")]
    [InlineData("8.4.", "8.4")]
    [InlineData("strange", "0.0.0")]
    [InlineData("", "0.0.0")]
    public void The_version_number_is_what_the_version_begins_with(string version, string expected) =>
        Assert.Equal(Version.Parse(expected), IdentityReader.ParseVersion(version));
}
