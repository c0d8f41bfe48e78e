using System.Net;
using DbProxy.LoadBalancer.HttpMode.Forwarding;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.HttpMode;

public sealed class ForwardedForTests
{
    [Theory]
    [InlineData(null, "10.0.0.1")]
    [InlineData("192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1, 10.0.0.9", "192.0.2.1")]
    [InlineData("6.6.6.6, 192.0.2.1, 10.0.0.9,10.0.0.8", "192.0.2.1")]
    [InlineData("10.0.0.7, 10.0.0.9", "10.0.0.7")]
    [InlineData("192.0.2.1:4711", "192.0.2.1")]
    [InlineData("[2001:db8::1]:4711", "2001:db8::1")]
    [InlineData("::ffff:192.0.2.1", "192.0.2.1")]
    [InlineData("192.0.2.1, unknown", "10.0.0.1")]
    [InlineData("192.0.2.1, , 10.0.0.9", "10.0.0.9")]
    public void The_client_is_the_last_one_that_no_trusted_proxy_is(string? header, string client)
    {
        var headers = new HeaderDictionary();
        if (header is not null)
            headers["X-Forwarded-For"] = header;
        Assert.Equal(client, ForwardedFor.ClientOf(headers, IPAddress.Parse("10.0.0.1"), [IPNetwork.Parse("10.0.0.0/8")]).ToString());
    }

    [Fact]
    public void Several_headers_count_as_one_list()
    {
        var headers = new HeaderDictionary { ["X-Forwarded-For"] = new(["192.0.2.1", "10.0.0.9"]) };
        Assert.Equal("192.0.2.1", ForwardedFor.ClientOf(headers, IPAddress.Parse("10.0.0.1"), [IPNetwork.Parse("10.0.0.0/8")]).ToString());
    }
}
