using System.Collections.Frozen;
using System.Net;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class ForwardedTests
{
    private static readonly IPNetwork Loopback = IPNetwork.Parse("127.0.0.0/8");

    [Fact]
    public async Task What_a_stranger_says_of_itself_is_replaced()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Forwarded = ForwardedKinds.XForwarded | ForwardedKinds.Forwarded });
        var seen = await bed.TextAsync(
            "/headers", ("X-Forwarded-For", "1.2.3.4"), ("X-Forwarded-Proto", "https"), ("X-Forwarded-Host", "evil"), ("Forwarded", "for=1.2.3.4"), ("Host", "shop.example"));
        Assert.Contains("X-Forwarded-For: 127.0.0.1\n", seen);
        Assert.Contains("X-Forwarded-Proto: http\n", seen);
        Assert.Contains("X-Forwarded-Host: shop.example\n", seen);
        Assert.Contains("Forwarded: for=127.0.0.1;host=\"shop.example\";proto=http\n", seen);
        Assert.DoesNotContain("1.2.3.4", seen);
        Assert.DoesNotContain("evil", seen);
        Assert.Equal(IPAddress.Loopback, (await bed.LoggedAsync())["Source"]);
    }

    [Fact]
    public async Task What_a_trusted_proxy_says_is_kept_and_added_to()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { TrustedProxies = [Loopback], Forwarded = ForwardedKinds.XForwarded | ForwardedKinds.Forwarded });
        var seen = await bed.TextAsync("/headers", ("X-Forwarded-For", "9.9.9.9, 1.2.3.4"), ("X-Forwarded-Proto", "https"), ("Forwarded", "for=1.2.3.4"));
        Assert.Contains("X-Forwarded-For: 9.9.9.9, 1.2.3.4, 127.0.0.1\n", seen);
        Assert.Contains("X-Forwarded-Proto: https\n", seen);
        Assert.Contains("Forwarded: for=1.2.3.4, for=127.0.0.1", seen);
        // What stands before the last address that is not trusted may be made up.
        Assert.Equal(IPAddress.Parse("1.2.3.4"), (await bed.LoggedAsync())["Source"]);
    }

    [Theory]
    [InlineData("https", true)]
    [InlineData("http", false)]
    public async Task Where_a_trusted_proxy_ended_tls_browsers_are_told_the_same_as_over_tls(string scheme, bool isTls)
    {
        await using var bed = await HttpBed.StartAsync(1, http: new()
        {
            TrustedProxies = [Loopback], Hsts = new(), HttpsRedirectPort = isTls ? 443 : null,
            Cookies = new Dictionary<string, CookieConfig> { ["apps"] = new() }.ToFrozenDictionary(),
        });
        using var response = await bed.GetAsync("/", ("X-Forwarded-Proto", scheme));
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(isTls, response.Headers.Contains("Strict-Transport-Security"));
        Assert.Equal(isTls, response.Headers.GetValues("Set-Cookie").Single().Contains("; secure", StringComparison.Ordinal));
    }

    [Fact]
    public async Task None_of_them_goes_to_servers_where_none_is_wanted()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Forwarded = ForwardedKinds.None, RequestIdHeader = null });
        var seen = await bed.TextAsync("/headers", ("X-Forwarded-For", "1.2.3.4"));
        Assert.DoesNotContain("Forwarded", seen);
        Assert.DoesNotContain("X-Request-Id", seen, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_request_s_id_is_taken_or_made_and_is_the_same_everywhere()
    {
        await using var bed = await HttpBed.StartAsync(1);
        using var taken = await bed.GetAsync("/headers", ("X-Request-Id", "abc-123"));
        Assert.Equal("abc-123", taken.Headers.GetValues("X-Request-Id").Single());
        Assert.Contains("X-Request-Id: abc-123\n", await taken.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal("abc-123", (await bed.LoggedAsync())["RequestId"]);

        using var made = await bed.GetAsync("/headers", ("X-Request-Id", "a b\"<script>"));
        var id = made.Headers.GetValues("X-Request-Id").Single();
        Assert.Equal(32, id.Length);
        Assert.Contains($"X-Request-Id: {id}\n", await made.Content.ReadAsStringAsync(), StringComparison.OrdinalIgnoreCase);
        Assert.Equal(id, (await bed.LoggedAsync(l => Equals(l["RequestId"], id)))["RequestId"]);
    }

    [Fact]
    public async Task Headers_are_added_set_and_removed_both_ways()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new()
        {
            RequestHeaders = [new(HeaderAction.Set, "X-Tier", "edge"), new(HeaderAction.Add, "X-Via", "two"), new(HeaderAction.Remove, "X-Secret")],
            ResponseHeaders = [new(HeaderAction.Remove, "X-Server"), new(HeaderAction.Set, "X-Frame-Options", "DENY"), new(HeaderAction.Add, "X-Powered-By", "tests")],
        });
        using var response = await bed.GetAsync("/headers", ("X-Tier", "forged"), ("X-Via", "one"), ("X-Secret", "s3cret"));
        var seen = await response.Content.ReadAsStringAsync();
        Assert.Contains("X-Tier: edge\n", seen);
        Assert.Matches("X-Via: one, ?two\n", seen);
        Assert.DoesNotContain("s3cret", seen);
        Assert.False(response.Headers.Contains("X-Server"));
        Assert.Equal("DENY", response.Headers.GetValues("X-Frame-Options").Single());
        Assert.Equal("tests", response.Headers.GetValues("X-Powered-By").Single());
    }
}
