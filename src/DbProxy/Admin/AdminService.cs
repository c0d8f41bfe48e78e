using DbProxy.Core;
using DbProxy.Core.Accounting;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using Prometheus;

namespace DbProxy.Admin;

/// <summary>
/// The HTTP listener for operators: <c>/metrics</c> for Prometheus, <c>/healthz</c> (the process works), <c>/readyz</c>
/// (clients can be served).
/// </summary>
internal sealed class AdminService(ConfigStore config, ProxyServer? proxy, Balancer? balancer, ILoggerFactory loggers) : IHostedService
{
    private WebApplication? _application;

    /// <summary>Where it listens; null: nowhere.</summary>
    public Uri? Address { get; private set; }

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        if (config.Current.AdminListen is not { } listen)
        {
            return;
        }

        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        string host = listen.Host.Length == 0 ? "*" : listen.Host.Contains(':') ? $"[{listen.Host}]" : listen.Host;
        builder.WebHost.UseKestrelCore().UseUrls($"http://{host}:{listen.Port}");
        _application = builder.Build();

        CollectorRegistry registry = Metrics.NewCustomRegistry();
        DotNetStats.Register(registry);
        if (proxy is not null)
        {
            _ = new MetricsPublisher(proxy, registry);
        }

        if (balancer is not null)
        {
            _ = new BalancerMetrics(balancer, registry);
        }

        _application.MapMetrics("/metrics", registry);
        _application.MapGet("/healthz", static () => "ok\n");
        _application.MapGet("/readyz", Readiness);
        await _application.StartAsync(cancellationToken);
        Address = new(_application.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal));
        AdminLog.Listening(loggers.CreateLogger<AdminService>(), Address);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_application is not null)
        {
            await _application.StopAsync(cancellationToken);
            await _application.DisposeAsync();
        }
    }

    private async Task Readiness(HttpContext http)
    {
        bool isReady = proxy is not { IsReady: false } && balancer is not { IsReady: false };
        http.Response.StatusCode = isReady ? StatusCodes.Status200OK : StatusCodes.Status503ServiceUnavailable;
        await http.Response.WriteAsync(isReady ? "ready\n" : "not ready\n");
        foreach (var server in proxy?.Topology.Servers ?? [])
        {
            await http.Response.WriteAsync($"{server.Name}: {server.Model.Role} {server.Model.Health}: {server.Model.Reason}\n");
        }

        foreach (var backend in balancer?.Backends.Values ?? [])
        {
            foreach (var server in backend.Servers)
            {
                await http.Response.WriteAsync($"{backend.Name}/{server.Name}: {server.Status.Name}: {server.Status.Reason}\n");
            }
        }
    }
}
