using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.ResponseCompression;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>A frontend's own little host: Kestrel with nothing that isn't needed.</summary>
internal static class HttpHost
{
    public static (WebApplication Application, BoundedListeners Listeners) Build(
        FrontendConfig frontend, HttpConfig http, ILoggerFactory loggers, Func<BoundedListeners, ConnectionGate> gateFor, FrontendTlsStore? certificates)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var services = builder.Services;
        builder.WebHost.UseKestrelCore();
        var listeners = new BoundedListeners(
            new SocketTransportFactory(Options.Create(Transport(frontend)), loggers), frontend.MaxConnections);
        var gate = gateFor(listeners);
        services.AddSingleton<ILoggerFactory>(new QuietLogging(loggers));
        services.AddSingleton<IHostLifetime, NoLifetime>();
        // How long a drain takes is for the caller to say.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        services.RemoveAll<IConnectionListenerFactory>();
        services.AddSingleton<IConnectionListenerFactory>(_ => listeners);
        services.Configure<KestrelServerOptions>(o => KestrelSetup.Apply(o, frontend, http, gate, certificates));
        services.AddHttpForwarder();
        if (http.Compression is { } compression)
            AddCompression(services, compression);
        return (builder.Build(), listeners);
    }

    /// <summary>The order of what a request passes through.</summary>
    public static void Handle(WebApplication application, HttpConfig http, Func<HttpContext, RequestDelegate, Task> begin, RequestDelegate serve)
    {
        application.Use(begin);
        if (http.Compression is not null)
        {
            application.UseResponseCompression();
            application.Use(static (context, next) =>
            {
                context.Response.Body = new OffLoopStream(context.Response.Body);
                return next(context);
            });
        }
        application.Run(serve);
    }

    /// <summary>Kestrel goes on where the runtime's inline completions call it, without two hops over the thread pool: measured, 35
    /// to 48 µs of CPU a small request instead of 59. Not with TLS: its handshakes would hold up the polling threads, and there
    /// it gains little.</summary>
    private static SocketTransportOptions Transport(FrontendConfig frontend) => new() { UnsafePreferInlineScheduling = frontend.Tls is null };

    private static void AddCompression(IServiceCollection services, CompressionConfig compression)
    {
        services.AddResponseCompression(o =>
        {
            o.MimeTypes = compression.Types;
            o.EnableForHttps = compression.OverTls;
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
    }
}
