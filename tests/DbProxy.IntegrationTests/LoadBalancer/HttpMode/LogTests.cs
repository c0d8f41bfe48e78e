using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class LogTests
{
    [Fact]
    public async Task One_line_says_who_asked_for_what_who_answered_and_how_long_each_part_took()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Backend = null, Routes = [new(new() { PathPrefixes = ["/echo"] }, "apps")] });
        using var response = await bed.SendAsync(HttpMethod.Post, "/echo?q=%0Aforged", new StringContent("hello"));
        var line = await bed.LoggedAsync();
        Assert.Equal(("web", "apps", "a", "route 1"), (line["Frontend"], line["Backend"], line["Server"], line["Rule"]));
        Assert.Equal(("POST", "/echo?q=%0Aforged", "HTTP/1.1", 200, "--"), (line["Method"], line["Target"], line["Protocol"], line["Status"], line["End"]));
        Assert.Equal((5L, 5L, 0, 0), (line["BytesIn"], line["BytesOut"], line["Ahead"], line["Retries"]));
        Assert.InRange((double)line["ConnectMs"]!, 0, (double)line["TotalMs"]!);
        Assert.InRange((double)line["ResponseMs"]!, 0.01, (double)line["TotalMs"]!);
        using var again = await bed.SendAsync(HttpMethod.Post, "/echo", new StringContent("hello"));
        await again.Content.ReadAsStringAsync();
        // The connection was there already.
        Assert.Equal(-1.0, (await bed.LoggedAsync(l => Equals(l["Target"], "/echo")))["ConnectMs"]);
        Assert.Matches("^127\\.0\\.0\\.1 web apps/a [0-9.]+/[0-9.]+/[0-9.]+/[0-9.]+ ms 200 5/5 B -- queue 0 retries 0 rule route 1 \"POST ", bed.Log.Lines.First(l => l.Id.Id == 4110).Text);
    }

    [Fact]
    public async Task It_can_be_switched_off()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Log = false });
        Assert.Equal("a", await bed.TextAsync());
        Assert.Equal(1, bed.Servers[0].Requests);
        await DbProxy.IntegrationTests.Infrastructure.Eventually.IsTrueAsync(() => bed.Frontend.Counters.Http.Requests == 1, "it is counted");
        Assert.Empty(bed.Log.Requests);
    }
}
