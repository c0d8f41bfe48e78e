using System.Net;
using DbProxy.IntegrationTests.Failover;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Servers;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer;

/// <summary>An http check by whose answer a server asks for nothing new.</summary>
public sealed class DrainStatusTests
{
    [Theory]
    [InlineData(503, true, AdminState.Drain)]
    [InlineData(200, true, AdminState.Ready)]
    [InlineData(500, false, null)]
    public async Task The_status_decides(int status, bool isGood, AdminState? asks)
    {
        var port = ProxyProcess.FreePort();
        using var listener = new HttpListener { Prefixes = { $"http://127.0.0.1:{port}/" } };
        listener.Start();
        var server = new ServerConfig { Name = "s", Host = "127.0.0.1", Port = port };
        using var backend = new Backend(new() { Name = "b", Servers = [server] });
        using var probe = new HttpProbe(
            backend, new() { Kind = CheckKind.Http, Path = "/readyz", DrainStatus = 503 });
        var check = probe.CheckAsync(server, TestContext.Current.CancellationToken);
        var request = await listener.GetContextAsync();
        request.Response.StatusCode = status;
        request.Response.Close();
        var result = await check;
        Assert.Equal((isGood, asks), (result.IsGood, result.Admin));
    }
}
