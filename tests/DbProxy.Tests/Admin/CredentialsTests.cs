using System.Text;
using DbProxy.Admin.Access;
using DbProxy.Core.Configuration;
using Xunit;

namespace DbProxy.Tests.Admin;

public sealed class CredentialsTests
{
    private static readonly AdminConfig Config = new(new() { User = "admin" }, null, new("pä:ss wörd"), null);

    [Theory]
    [InlineData("admin:pä:ss wörd", true)]
    [InlineData("admin:pä:ss", false)]
    [InlineData("Admin:pä:ss wörd", false)]
    [InlineData("admin", false)]
    [InlineData(":pä:ss wörd", false)]
    [InlineData("", false)]
    public void Basic_needs_name_and_password(string text, bool right) =>
        Assert.Equal(right, Credentials.Of($"basic {Convert.ToBase64String(Encoding.UTF8.GetBytes(text))}")?.Match(Config) ?? false);

    [Theory]
    [InlineData("Bearer pä:ss wörd", true)]
    [InlineData("bearer  pä:ss wörd ", true)]
    [InlineData("Bearer", false)]
    [InlineData("Bearer ", false)]
    [InlineData("Basic pä:ss wörd", false)]
    [InlineData("Digest pä:ss wörd", false)]
    [InlineData("Basic //79", false)]
    [InlineData("", false)]
    [InlineData(null, false)]
    public void A_token_is_the_password_alone(string? header, bool right) => Assert.Equal(right, Credentials.Of(header)?.Match(Config) ?? false);
}
