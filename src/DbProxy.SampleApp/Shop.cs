using DbProxy.SampleApp.Data;
using DbProxy.SampleApp.Http;
using Prometheus;

namespace DbProxy.SampleApp;

/// <summary>What the shop is made of, and the way of a request through it.</summary>
internal static class Shop
{
    public static void Configure(WebApplicationBuilder builder)
    {
        var options = ShopOptions.Read(builder.Configuration);
        // An event counter or meter of everything in .NET is not what anybody looks for here.
        Metrics.SuppressDefaultMetrics(new SuppressDefaultMetricOptions { SuppressEventCounters = true, SuppressMeters = true });
        builder.Logging.AddFilter("Microsoft.AspNetCore", LogLevel.Warning);
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = 64 << 10);
        var listeners = new Listeners();
        builder.WebHost.UseSockets(sockets => sockets.CreateBoundListenSocket = listeners.Bind);
        builder.Services.AddSingleton(listeners);
        builder.Services.AddSingleton(options);
        builder.Services.AddSingleton<ShopDatabase>();
        builder.Services.AddSingleton<ShopMetrics>();
        builder.Services.AddSingleton<Readiness>();
        builder.Services.AddHostedService<SchemaService>();
        builder.Services.AddHostedService<DrainService>();
        builder.Services.Configure<HostOptions>(host => host.ShutdownTimeout = options.Drain + TimeSpan.FromSeconds(20));
    }

    public static void Map(WebApplication app)
    {
        app.UseMiddleware<DrainingConnections>();
        app.UseMiddleware<ServedBy>();
        app.UseHttpMetrics(static options => options.ReduceStatusCodeCardinality());
        app.UseMiddleware<ErrorAnswers>();
        StaticPages.Map(app);
        ShopApi.Map(app);
        app.MapGet("/healthz", static () => "ok\n");
        app.MapGet("/readyz", static (Readiness readiness) => readiness.Answer());
        app.MapMetrics("/metrics");
    }
}
