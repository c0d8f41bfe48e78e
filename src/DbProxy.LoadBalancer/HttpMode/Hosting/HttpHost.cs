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
        FrontendConfig frontend, HttpConfig http, ILoggerFactory loggers, Func<BoundedListeners, ConnectionGate> gateFor, CertificateStore? certificates)
    {
        var builder = WebApplication.CreateEmptyBuilder(new());
        var services = builder.Services;
        builder.WebHost.UseKestrelCore();
        var listeners = new BoundedListeners(
            new SocketTransportFactory(Options.Create(new SocketTransportOptions()), loggers), frontend.MaxConnections);
        var gate = gateFor(listeners);
        services.AddSingleton(Quiet(loggers));
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

    /// <summary>
    /// ASP.NET, Kestrel and YARP report each failed connection and each forwarded request; the frontend's own line says it.
    /// </summary>
    private static ILoggerFactory Quiet(ILoggerFactory loggers) => new WarningsOnly(loggers);

    private sealed class WarningsOnly(ILoggerFactory inner) : ILoggerFactory
    {
        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) =>
            categoryName.StartsWith("Yarp.", StringComparison.Ordinal)
                ? Microsoft.Extensions.Logging.Abstractions.NullLogger.Instance
                : new Filtered(inner.CreateLogger(categoryName));

        // The factory belongs to the process.
        public void Dispose()
        {
        }
    }

    private sealed class Filtered(ILogger inner) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Warning && inner.IsEnabled(logLevel);

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (IsEnabled(logLevel))
                inner.Log(logLevel, eventId, state, exception, formatter);
        }
    }
}
