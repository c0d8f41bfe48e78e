using System.Collections.Frozen;
using System.Net;
using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class ForwardingTests
{
    [Fact]
    public async Task Requests_of_every_method_and_their_answers_pass_unchanged()
    {
        await using var bed = await HttpBed.StartAsync();
        foreach (var method in new[] { HttpMethod.Get, HttpMethod.Post, HttpMethod.Put, HttpMethod.Delete, HttpMethod.Patch, HttpMethod.Options })
        {
            var body = method == HttpMethod.Get ? null : new StringContent("what the client says");
            using var response = await bed.SendAsync(method, body is null ? "/" : "/echo", body);
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var text = await response.Content.ReadAsStringAsync();
            Assert.Equal(body is null ? response.Headers.GetValues("X-Server").Single() : "what the client says", text);
        }
        using var missing = await bed.GetAsync("/status?code=404");
        Assert.Equal((HttpStatusCode.NotFound, "the server's own words"), (missing.StatusCode, await missing.Content.ReadAsStringAsync()));
        using var unavailable = await bed.GetAsync("/status?code=503");
        Assert.Equal((HttpStatusCode.ServiceUnavailable, "the server's own words"), (unavailable.StatusCode, await unavailable.Content.ReadAsStringAsync()));
        using var head = await bed.SendAsync(HttpMethod.Head, "/", null);
        Assert.True(head.IsSuccessStatusCode);
        Assert.Equal("", await head.Content.ReadAsStringAsync());
    }

    [Fact]
    public async Task Requests_follow_each_other_on_one_connection_of_the_client()
    {
        await using var bed = await HttpBed.StartAsync();
        var connection = await bed.RawAsync();
        for (var i = 0; i < 5; i++)
        {
            await connection.SendAsync($"GET /headers HTTP/1.1\r\nHost: shop.example\r\nX-Round: {i}\r\n\r\n");
            var answer = await connection.ReadUntilAsync("\r\n0\r\n\r\n");
            Assert.StartsWith("HTTP/1.1 200", answer);
            Assert.Contains($"X-Round: {i}", answer);
            Assert.Contains("Host: shop.example", answer);
        }
        Assert.Equal(1, bed.Frontend.Counters.Accepted);
        Assert.Equal(5, bed.Frontend.Counters.Http.Requests);
    }

    [Theory]
    [InlineData("/target/group%2Fname%2fx")]
    [InlineData("/target/%252F%25/%41~%7e//")]
    [InlineData("/target/.hidden/a.b/..c/%2ehidden/...")]
    [InlineData("/target/a|b\"{}[]^`\\c")]
    [InlineData("/target?q=%41%2F%2f+b%20&x=/../a|\"{}")]
    [InlineData("/target/a/../b/./%2e%2e/c%20d?/../x", "/target/c%20d?/../x")]
    [InlineData("/target/a#b")]
    [InlineData("/target/open/..%2Fadmin", "/target/open/..%252Fadmin")]
    [InlineData("/target/open%2f%2e%2e/admin", "/target/open%252f../admin")]
    public async Task A_server_is_asked_for_what_the_client_wrote(string target, string? expected = null)
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.SendAsync($"GET {target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
        Assert.Contains($"\r\n{expected ?? target}\r\n", await connection.ReadToEndAsync());
    }

    [Fact]
    public async Task A_long_download_is_counted_while_it_lasts()
    {
        await using var bed = await HttpBed.StartAsync(1);
        using var response = await bed.GetAsync("/big?bytes=1000000000");
        await using var body = await response.Content.ReadAsStreamAsync();
        var (counters, server) = (bed.Frontend.Counters, bed.Backend.Servers[0].Counters);
        var (buffer, read) = (new byte[16 << 10], 0L);
        await Eventually.IsTrueAsync(
            async () =>
            {
                read += await body.ReadAsync(buffer);
                return new[] { counters.BytesOut, server.BytesOut, server.Http.BytesOut, bed.Backend.Http.BytesOut }.All(b => b > 0);
            },
            () => $"{read} bytes were read and count");
        Assert.Equal(0, counters.Http.Requests);
    }

    [Fact]
    public async Task A_response_is_passed_on_while_the_server_still_makes_it()
    {
        await using var bed = await HttpBed.StartAsync(1);
        using var response = await bed.GetAsync("/gate");
        var body = await response.Content.ReadAsStreamAsync();
        var buffer = new byte[100];
        // The server waits for the gate: these bytes can only be here because nothing was kept back.
        Assert.Equal("first ", Encoding.ASCII.GetString(buffer, 0, await body.ReadAtLeastAsync(buffer.AsMemory(0, 6), 6)));
        bed.Servers[0].Gate.Release();
        Assert.Equal("second", Encoding.ASCII.GetString(buffer, 0, await body.ReadAtLeastAsync(buffer.AsMemory(0, 6), 6)));
    }

    [Fact]
    public async Task A_request_s_body_is_passed_on_while_the_client_still_sends_it()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.SendAsync("POST /upload HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nfirst\r\n");
        Assert.True(await bed.Servers[0].Reached.WaitAsync(TimeSpan.FromSeconds(20)));
        await connection.SendAsync("6\r\nsecond\r\n0\r\n\r\n");
        Assert.Contains("11", await connection.ReadUntilAsync("\r\n0\r\n\r\n"));
    }

    [Fact]
    public async Task Both_directions_flow_at_once_over_http_2()
    {
        await using var bed = await StartHttp2Async();
        var pieces = System.Threading.Channels.Channel.CreateUnbounded<string>();
        var request = new HttpRequestMessage(HttpMethod.Post, new Uri(bed.Url, "/duplex"))
        {
            Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact, Content = new ChannelContent(pieces.Reader),
        };
        await pieces.Writer.WriteAsync("one");
        using var response = await bed.Client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead);
        Assert.Equal((HttpVersion.Version20, "HTTP/2"), (response.Version, response.Headers.GetValues("X-Protocol").Single()));
        var body = await response.Content.ReadAsStreamAsync();
        foreach (var next in new[] { "two", "six", null })
        {
            var buffer = new byte[3];
            await body.ReadExactlyAsync(buffer);
            Assert.Contains(Encoding.ASCII.GetString(buffer), new[] { "one", "two", "six" });
            if (next is not null)
                await pieces.Writer.WriteAsync(next);
        }
        pieces.Writer.Complete();
        Assert.Equal(0, await body.ReadAsync(new byte[1]));
    }

    [Fact]
    public async Task Trailers_reach_the_client_as_grpc_needs()
    {
        await using var bed = await StartHttp2Async();
        using var response = await bed.Client.SendAsync(new(HttpMethod.Get, new Uri(bed.Url, "/trailers")) { Version = HttpVersion.Version20, VersionPolicy = HttpVersionPolicy.RequestVersionExact });
        Assert.Equal("body", await response.Content.ReadAsStringAsync());
        Assert.Equal("0", response.TrailingHeaders.GetValues("grpc-status").Single());
    }

    [Fact]
    public async Task Large_bodies_pass_both_ways_in_full_and_are_counted()
    {
        const int size = 20 << 20;
        await using var bed = await HttpBed.StartAsync(1);
        using var up = await bed.SendAsync(HttpMethod.Post, "/upload", new ByteArrayContent(new byte[size]));
        Assert.Equal($"{size}", await up.Content.ReadAsStringAsync());
        using var down = await bed.GetAsync($"/big?bytes={size}");
        Assert.Equal(size, (await down.Content.ReadAsByteArrayAsync()).Length);
        await bed.LoggedAsync(l => $"{l["Target"]}".StartsWith("/big", StringComparison.Ordinal));
        var counters = bed.Backend.Servers[0].Counters;
        Assert.Equal(size, counters.BytesIn);
        Assert.Equal(size + $"{size}".Length, counters.BytesOut);
        Assert.Equal((counters.BytesIn, counters.BytesOut), (bed.Frontend.Counters.BytesIn, bed.Frontend.Counters.BytesOut));
    }

    [Fact]
    public async Task A_client_that_does_not_read_stops_its_server_instead_of_filling_memory()
    {
        const long size = 400 << 20;
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.SendAsync($"GET /big?bytes={size} HTTP/1.1\r\nHost: x\r\n\r\n");
        long before = -1;
        await Eventually.IsTrueAsync(
            async () =>
            {
                (before, var stopped) = (bed.Servers[0].Made, bed.Servers[0].Made == before && before > 0);
                await Task.Delay(300);
                return stopped && bed.Servers[0].Made == before;
            },
            () => "the server is stopped");
        // What the kernel's buffers on two connections hold.
        Assert.InRange(bed.Servers[0].Made, 1, 60 << 20);
    }

    [Fact]
    public async Task Header_values_of_any_bytes_pass_unchanged()
    {
        await using var bed = await HttpBed.StartAsync(1);
        var connection = await bed.RawAsync();
        await connection.WriteAsync(Encoding.UTF8.GetBytes("GET /headers HTTP/1.1\r\nHost: x\r\nX-Name: M\u00fcller\r\n\r\n"));
        // The test server reads UTF-8 headers and answers in UTF-8; these tests read bytes as Latin-1.
        var seen = Encoding.UTF8.GetString(Encoding.Latin1.GetBytes(await connection.ReadUntilAsync("\r\n0\r\n\r\n")));
        Assert.Contains("X-Name: M\u00fcller\n", seen);
    }

    private static Task<HttpBed> StartHttp2Async() => HttpBed.StartAsync(
        1, f => f with { Tls = new FrontendTls(), Backend = "h2" }, new() { Http2Backends = FrozenSet.Create("h2") },
        others: s => [new() { Name = "h2", Servers = [HttpBed.Server(s[0]) with { Port = s[0].Http2Port }] }]);

    private sealed class ChannelContent(System.Threading.Channels.ChannelReader<string> pieces) : HttpContent
    {
        protected override async Task SerializeToStreamAsync(Stream stream, TransportContext? context)
        {
            await foreach (var piece in pieces.ReadAllAsync())
            {
                await stream.WriteAsync(Encoding.ASCII.GetBytes(piece));
                await stream.FlushAsync();
            }
        }

        protected override bool TryComputeLength(out long length)
        {
            length = 0;
            return false;
        }
    }
}
