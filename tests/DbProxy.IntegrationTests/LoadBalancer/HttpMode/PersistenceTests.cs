using System.Collections.Frozen;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class PersistenceTests
{
    [Fact]
    public async Task A_cookie_brings_a_client_back_until_its_server_dies()
    {
        await using var bed = await HttpBed.StartAsync(3, http: With(new()));
        using var first = await bed.GetAsync();
        var server = await first.Content.ReadAsStringAsync();
        Assert.Equal($"SERVERID={server}; path=/; samesite=lax; httponly", first.Headers.GetValues("Set-Cookie").Single());
        Assert.True(first.Headers.CacheControl!.Private);
        for (var i = 0; i < 5; i++)
        {
            using var again = await bed.GetAsync("/", ("Cookie", $"lang=de; SERVERID={server}"));
            Assert.Equal(server, await again.Content.ReadAsStringAsync());
            Assert.False(again.Headers.Contains("Set-Cookie"));
        }
        // Dead without anybody knowing: the connection fails, the next server takes over, and the cookie follows.
        await bed.Servers.Single(s => s.Name == server).KillAsync();
        using var moved = await bed.GetAsync("/", ("Cookie", $"SERVERID={server}"));
        var other = await moved.Content.ReadAsStringAsync();
        Assert.NotEqual(server, other);
        Assert.StartsWith($"SERVERID={other};", moved.Headers.GetValues("Set-Cookie").Single());
        // Known to be down: it is not even tried.
        bed.Backend.Servers.Single(s => s.Name == server).SetHealth(false, "a test");
        Assert.NotEqual(server, await bed.TextAsync("/", ("Cookie", $"SERVERID={server}")));
    }

    [Fact]
    public async Task A_hashed_cookie_says_nothing_of_the_servers_and_works_the_same()
    {
        await using var bed = await HttpBed.StartAsync(3, http: With(new() { Name = "stick", Hashed = true, SameSite = Microsoft.AspNetCore.Http.SameSiteMode.Strict }));
        using var first = await bed.GetAsync();
        var cookie = first.Headers.GetValues("Set-Cookie").Single();
        Assert.Matches("^stick=[0-9a-f]{8}; path=/; samesite=strict; httponly$", cookie);
        for (var i = 0; i < 5; i++)
            Assert.Equal(await first.Content.ReadAsStringAsync(), await bed.TextAsync("/", ("Cookie", cookie.Split(';')[0])));
    }

    [Fact]
    public async Task Over_tls_the_cookie_is_secure()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Tls = new() }, With(new()));
        using var response = await bed.GetAsync();
        Assert.Contains("; secure", response.Headers.GetValues("Set-Cookie").Single());
    }

    [Fact]
    public async Task A_made_up_cookie_is_replaced()
    {
        await using var bed = await HttpBed.StartAsync(2, http: With(new()));
        using var response = await bed.GetAsync("/", ("Cookie", "SERVERID=nobody"));
        Assert.StartsWith($"SERVERID={await response.Content.ReadAsStringAsync()};", response.Headers.GetValues("Set-Cookie").Single());
    }

    private static HttpConfig With(CookieConfig cookie) => new() { Cookies = new Dictionary<string, CookieConfig> { ["apps"] = cookie }.ToFrozenDictionary() };
}
