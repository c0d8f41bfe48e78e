using System.IO.Compression;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.HttpMode;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode;

public sealed class CompressionTests
{
    [Fact]
    public async Task Responses_are_compressed_for_clients_that_ask_and_counted_as_sent()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Compression = new() });
        using var response = await bed.GetAsync("/big?bytes=1000000", ("Accept-Encoding", "gzip"));
        Assert.Equal("gzip", response.Content.Headers.ContentEncoding.Single());
        Assert.Contains("Accept-Encoding", response.Headers.Vary);
        var sent = await response.Content.ReadAsByteArrayAsync();
        using var text = new MemoryStream();
        await new GZipStream(new MemoryStream(sent), CompressionMode.Decompress).CopyToAsync(text);
        Assert.Equal(new string('x', 1_000_000), System.Text.Encoding.ASCII.GetString(text.ToArray()));
        Assert.Equal((long)sent.Length, (await bed.LoggedAsync())["BytesOut"]);
        using var plain = await bed.GetAsync("/big?bytes=1000000");
        Assert.Empty(plain.Content.Headers.ContentEncoding);
        Assert.Equal(1_000_000, (await plain.Content.ReadAsByteArrayAsync()).Length);
    }

    [Fact]
    public async Task With_the_setting_responses_are_compressed_over_tls_too_and_without_it_nowhere()
    {
        await using var off = await HttpBed.StartAsync(1);
        await using var tls = await HttpBed.StartAsync(1, f => f with { Tls = new() }, new() { Compression = new() });
        foreach (var (bed, compressed) in new[] { (off, false), (tls, true) })
        {
            using var response = await bed.GetAsync("/big?bytes=10000", ("Accept-Encoding", "br"));
            Assert.Equal(compressed, response.Content.Headers.ContentEncoding.Contains("br"));
        }
    }

    [Fact]
    public async Task A_compressed_response_still_flows_while_the_server_makes_it()
    {
        await using var bed = await HttpBed.StartAsync(1, http: new() { Compression = new CompressionConfig() });
        using var response = await bed.GetAsync("/gate", ("Accept-Encoding", "gzip"));
        Assert.True(response.IsSuccessStatusCode);
        bed.Servers[0].Gate.Release();
        Assert.Equal("first second", await response.Content.ReadAsStringAsync());
    }
}
