using System.Net;
using System.Security.Cryptography;
using DbProxy.IntegrationTests.Clients;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

/// <summary>nginx as the servers, curl as the client, and nginx killed and stopped.</summary>
public sealed class NginxTests
{
    [Fact]
    public async Task Files_ranges_and_conditions_pass_as_nginx_gives_them()
    {
        await using var nginx = await NginxServer.StartAsync("n1");
        await using var bed = await StartAsync([nginx]);
        using var whole = await bed.GetAsync("/big.bin");
        Assert.Equal(SHA256.HashData(NginxServer.Big), SHA256.HashData(await whole.Content.ReadAsByteArrayAsync()));
        Assert.Equal(NginxServer.Big.Length, whole.Content.Headers.ContentLength);
        using var part = await bed.GetAsync("/big.bin", ("Range", "bytes=1000-1999"));
        Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
        Assert.Equal(NginxServer.Big[1000..2000], await part.Content.ReadAsByteArrayAsync());
        using var known = await bed.GetAsync("/big.bin", ("If-None-Match", whole.Headers.ETag!.ToString()));
        Assert.Equal(HttpStatusCode.NotModified, known.StatusCode);
        using var missing = await bed.GetAsync("/no-such-file");
        Assert.Equal(HttpStatusCode.NotFound, missing.StatusCode);
        Assert.Contains("nginx", await missing.Content.ReadAsStringAsync());
        Assert.Equal($"127.0.0.1 http {bed.EndPoint}", await bed.TextAsync("/forwarded"));
    }

    [Theory]
    [InlineData("--http1.1", "1.1")]
    [InlineData("--http2", "2")]
    public async Task Curl_gets_its_protocol_over_tls(string option, string version)
    {
        await using var nginx = await NginxServer.StartAsync("n1");
        await using var bed = await StartAsync([nginx], tls: true);
        var (code, output, error) = await CurlAsync("-sSk", option, "-o", "/dev/null", "-w", "%{http_version} %{http_code} %{size_download}", new Uri(bed.Url, "/big.bin").ToString());
        Assert.True(code == 0, error);
        Assert.Equal($"{version} 200 {NginxServer.Big.Length}", output);
    }

    [Fact]
    public async Task Curl_uploads_with_expect_100_continue()
    {
        await using var bed = await HttpBed.StartAsync(1, f => f with { Tls = new() });
        var file = Path.GetTempFileName();
        await File.WriteAllBytesAsync(file, NginxServer.Big);
        foreach (var option in new[] { "--http1.1", "--http2" })
        {
            var (code, output, error) = await CurlAsync("-sSk", option, "-H", "Expect: 100-continue", "--data-binary", $"@{file}", new Uri(bed.Url, "/upload").ToString());
            Assert.True(code == 0, error);
            Assert.Equal($"{NginxServer.Big.Length}", output);
        }
        File.Delete(file);
    }

    [Fact]
    public async Task Killed_in_the_middle_of_a_response_costs_that_response_and_no_other()
    {
        await using var one = await NginxServer.StartAsync("n1");
        await using var two = await NginxServer.StartAsync("n2");
        await using var bed = await StartAsync([one, two], cookies: true);
        using var broken = await bed.GetAsync("/slow/big.bin", ("Cookie", "SERVERID=n1"));
        var body = await broken.Content.ReadAsStreamAsync();
        await body.ReadExactlyAsync(new byte[1000]);
        await one.KillAsync();
        await Assert.ThrowsAnyAsync<IOException>(() => body.CopyToAsync(Stream.Null));
        Assert.Equal("SD", (await bed.LoggedAsync())["End"]);
        for (var i = 0; i < 30; i++)
            Assert.Equal("n2", await bed.TextAsync("/", ("Cookie", "SERVERID=n1")));
    }

    [Fact]
    public async Task A_server_killed_under_load_costs_at_most_what_was_under_way()
    {
        await using var one = await NginxServer.StartAsync("n1");
        await using var two = await NginxServer.StartAsync("n2");
        await using var bed = await StartAsync([one, two]);
        await using var checks = Checks(bed.Backend);
        const int clients = 4;
        var (done, failed) = (0, 0);
        using var stop = new CancellationTokenSource();
        var load = Enumerable.Range(0, clients).Select(async _ =>
        {
            while (!stop.IsCancellationRequested)
            {
                using var response = await bed.GetAsync("/big.bin");
                try
                {
                    if (response.StatusCode != HttpStatusCode.OK || (await response.Content.ReadAsByteArrayAsync()).Length != NginxServer.Big.Length)
                        Interlocked.Increment(ref failed);
                }
                catch (HttpRequestException)
                {
                    Interlocked.Increment(ref failed);
                }
                Interlocked.Increment(ref done);
            }
        }).ToList();
        await Eventually.IsTrueAsync(() => done > 20, "the load runs");
        await one.KillAsync();
        var before = done;
        await Eventually.IsTrueAsync(() => !bed.Backend.Servers[0].Status.IsUp && done > before + 40, "the checks have noticed and the load goes on");
        await one.StartAgainAsync();
        await Eventually.IsTrueAsync(() => bed.Backend.Servers[0].Status.IsUp, "it is back");
        await stop.CancelAsync();
        await Task.WhenAll(load);
        Assert.True(failed <= clients, string.Join(", ", bed.Log.Requests.GroupBy(l => $"{l["Status"]} {l["End"]} on {l["Server"]}").Select(g => $"{g.Count()} × {g.Key}")));
        Assert.Equal("UP", bed.Backend.Servers[0].Status.Name);
    }

    [Fact]
    public async Task A_stopped_server_costs_504_until_the_checks_notice_and_comes_back_when_it_goes_on()
    {
        await using var one = await NginxServer.StartAsync("n1");
        await using var two = await NginxServer.StartAsync("n2");
        await using var bed = await StartAsync([one, two], server: TimeSpan.FromSeconds(2), check: TimeSpan.FromSeconds(1.5));
        one.Signal(Signals.Stop);
        try
        {
            var answers = new List<HttpStatusCode>();
            for (var i = 0; i < 4; i++)
            {
                using var response = await bed.GetAsync();
                answers.Add(response.StatusCode);
            }
            Assert.Equal(2, answers.Count(a => a == HttpStatusCode.GatewayTimeout));
            Assert.Equal(2, answers.Count(a => a == HttpStatusCode.OK));
            await using var checks = Checks(bed.Backend);
            await Eventually.IsTrueAsync(() => !bed.Backend.Servers[0].Status.IsUp, "the checks have noticed");
            for (var i = 0; i < 10; i++)
                Assert.Equal("n2", await bed.TextAsync());
            one.Signal(Signals.Continue);
            await Eventually.IsTrueAsync(async () => await bed.TextAsync() == "n1", () => "it serves again");
        }
        finally
        {
            one.Signal(Signals.Continue);
        }
    }

    private static Task<HttpBed> StartAsync(NginxServer[] servers, bool tls = false, bool cookies = false, TimeSpan? server = null, TimeSpan? check = null) => HttpBed.StartAsync(
        0, f => f with { Tls = tls ? new() : null },
        new()
        {
            Cookies = System.Collections.Frozen.FrozenDictionary.ToFrozenDictionary(new Dictionary<string, CookieConfig>(cookies ? [new("apps", new())] : [])),
            Timeouts = new() { Server = server ?? TimeSpan.FromSeconds(60) },
        },
        b => b with
        {
            Servers = [.. servers.Select(s => s.Config)],
            Check = new()
            {
                Kind = CheckKind.Http, Interval = TimeSpan.FromMilliseconds(100), FastInterval = TimeSpan.FromMilliseconds(50), Timeout = check ?? TimeSpan.FromSeconds(10), Fall = 2, Rise = 2,
            },
        });

    private static BackendChecker Checks(Backend backend)
    {
        var checker = new BackendChecker(backend, TimeProvider.System);
        checker.Start();
        return checker;
    }

    private static Task<(int Code, string Output, string Error)> CurlAsync(params string[] arguments)
    {
        if (!File.Exists("/usr/bin/curl"))
            Assert.Skip("curl is not installed.");
        return ProgramClient.RunAsync(new ProgramCommand("/usr/bin/curl", arguments));
    }
}
