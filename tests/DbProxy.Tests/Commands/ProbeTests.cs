using DbProxy.Commands;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DbProxy.Tests.Commands;

public sealed class ProbeTests
{
    [Theory]
    [InlineData(200, 0)]
    [InlineData(503, 1)]
    public async Task The_exit_code_says_what_the_answer_says(int status, int expected)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.WebHost.UseKestrelCore().UseUrls("http://127.0.0.1:0");
        await using var app = builder.Build();
        app.Run(async http =>
        {
            http.Response.StatusCode = status;
            await http.Response.WriteAsync("db1: primary\n");
        });
        await app.StartAsync(TestContext.Current.CancellationToken);
        var (code, output, _) = await CommandLine.RunAsync(null, "probe", $"{app.Urls.First()}/readyz");
        Assert.Equal((expected, "db1: primary\n"), (code, output));
    }

    [Fact]
    public async Task Nobody_there_is_1_and_says_why()
    {
        var (code, _, error) = await CommandLine.RunAsync(null, "probe", "http://127.0.0.1:1/readyz");
        Assert.Equal(1, code);
        Assert.Contains("127.0.0.1:1", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_is_no_address_is_2()
    {
        var (code, _, error) = await CommandLine.RunAsync(null, "probe", "127.0.0.1:6070");
        Assert.Equal(2, code);
        Assert.Contains("\"127.0.0.1:6070\" is not an http address", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(null, "http://127.0.0.1:6070/readyz")]
    [InlineData(":7000", "http://127.0.0.1:7000/readyz")]
    [InlineData("10.0.0.1:7000", "http://10.0.0.1:7000/readyz")]
    [InlineData("[::1]:7000", "http://[::1]:7000/readyz")]
    public void Without_a_url_it_asks_the_proxy_of_its_own_environment(string? listen, string expected) =>
        Assert.Equal(expected, ProbeCommand.Ready(listen).AbsoluteUri);
}
