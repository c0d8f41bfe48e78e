using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Protocol.Auth;
using Xunit;

namespace DbProxy.Tests.Backends;

public sealed class UserDirectoryTests
{
    private static readonly StoredCredential Credential = new("p"u8);

    [Fact]
    public void Names_of_an_anonymous_account_are_forgotten_when_they_are_many_and_unused()
    {
        ConfigStore config = new(ProxyConfig.From(new ProxyOptions
        {
            Servers = [new() { Address = "a:1" }], Monitor = new() { User = "m", Password = "" },
        }));
        var users = new UserDirectory(config, null!);
        for (int i = 0; i < UserDirectory.MostUnused; i++)
        {
            users.Keep(users.Create($"u{i}", Credential), Credential);
        }

        users.Trim();
        Assert.Equal(UserDirectory.MostUnused, users.Accounts.Count());
        UserAccount used = users.Keep(users.Create("used", Credential), Credential);
        used.Sessions = 1;
        users.Trim();
        Assert.Same(used, Assert.Single(users.Accounts));
    }
}
