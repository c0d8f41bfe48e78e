using DbProxy.LoadBalancer.HttpMode.Forwarding;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Http;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.HttpMode;

public sealed class HeaderRulesTests
{
    [Theory]
    [InlineData("X-Own")]
    [InlineData("Authorization")]
    [InlineData("Content-Language")]
    [InlineData("Host")]
    public void Headers_of_requests_and_of_their_bodies_are_changed_alike(string name)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, "http://a/") { Content = new StringContent("x") };
        HeaderRules.Apply([new(HeaderAction.Set, name, "first"), new(HeaderAction.Set, name, "en")], request);
        Assert.Equal(["en"], All(request, name));
        HeaderRules.Apply([new(HeaderAction.Remove, name), new(HeaderAction.Remove, "Content-Type"), new(HeaderAction.Remove, "Accept")], request);
        Assert.Empty(All(request, name));
        Assert.Empty(All(request, "Content-Type"));
    }

    [Fact]
    public void A_request_without_a_body_has_no_headers_of_one()
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "http://a/");
        HeaderRules.Apply([new(HeaderAction.Set, "Content-Language", "en"), new(HeaderAction.Add, "X-Own", "1"), new(HeaderAction.Add, "X-Own", "2")], request);
        Assert.Equal(["1", "2"], All(request, "X-Own"));
    }

    [Fact]
    public void Headers_of_responses_are_added_set_and_removed()
    {
        var response = new HeaderDictionary { ["Server"] = "nginx", ["X-A"] = "1" };
        HeaderRules.Apply([new(HeaderAction.Remove, "server"), new(HeaderAction.Add, "X-A", "2"), new(HeaderAction.Set, "X-B", "3")], response);
        Assert.False(response.ContainsKey("Server"));
        Assert.Equal(["1", "2"], response["X-A"].ToArray());
        Assert.Equal("3", response["X-B"]);
    }

    private static string[] All(HttpRequestMessage request, string name) =>
        [.. request.Headers.NonValidated.Where(h => h.Key == name).SelectMany(h => h.Value), .. request.Content?.Headers.NonValidated.Where(h => h.Key == name).SelectMany(h => h.Value) ?? []];
}
