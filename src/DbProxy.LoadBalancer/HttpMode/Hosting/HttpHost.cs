using System.Net.Sockets;
using DbProxy.LoadBalancer.Certificates;
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
using Yarp.ReverseProxy.Forwarder;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>A frontend's own little host: Kestrel with nothing that isn't needed.</summary>
internal sealed class HttpHost : IAsyncDisposable
{
    // Kestrel goes on where the runtime's inline completions call it, without two hops over the thread pool: measured, 24 µs of
    // CPU a small request, with TLS 29; with the hops 59 and 32. Handshakes have their hops: see Handshake.
    private static readonly SocketConnectionFactoryOptions Transport = new() { UnsafePreferInlineScheduling = true };

    private readonly WebApplication _application;
    private readonly SocketFeed _feed;

    /// <summary>Nothing runs yet.</summary>
    /// <param name="shape">What can't be changed later.</param>
    /// <param name="http">Limits and timeouts; see <see cref="Apply"/>.</param>
    /// <param name="gate">What each connection passes first.</param>
    /// <param name="certificates">The certificates in use, where TLS ends here.</param>
    /// <param name="loggers">Where it logs.</param>
    public HttpHost(HostShape shape, HttpConfig http, ConnectionGate gate, Func<FrontendTlsStore> certificates, ILoggerFactory loggers)
    {
        Shape = shape;
        var builder = WebApplication.CreateEmptyBuilder(new());
        var services = builder.Services;
        builder.WebHost.UseKestrelCore();
        _feed = new(new(Transport, loggers.CreateLogger<SocketFeed>()));
        services.AddSingleton<ILoggerFactory>(new QuietLogging(loggers));
        services.AddSingleton<IHostLifetime, NoLifetime>();
        // How long a drain takes is for the caller to say.
        services.Configure<HostOptions>(o => o.ShutdownTimeout = Timeout.InfiniteTimeSpan);
        services.RemoveAll<IConnectionListenerFactory>();
        services.AddSingleton<IConnectionListenerFactory>(_ => _feed);
        services.Configure<KestrelServerOptions>(o => KestrelSetup.Apply(o, shape, _feed.EndPoint, http, gate, certificates));
        services.AddHttpForwarder();
        if (shape.Compression is { } compression)
            AddCompression(services, compression);
        _application = builder.Build();
    }

    public HostShape Shape { get; }

    public IServiceProvider Services => _application.Services;

    public IHttpForwarder Forwarder => Services.GetRequiredService<IHttpForwarder>();

    /// <summary>The order of what a request passes through.</summary>
    public void Handle(Func<HttpContext, RequestDelegate, Task> begin, RequestDelegate serve)
    {
        _application.Use(begin);
        if (Shape.Compression is not null)
        {
            _application.UseResponseCompression();
            _application.Use(static (context, next) =>
            {
                context.Response.Body = new OffLoopStream(context.Response.Body);
                return next(context);
            });
        }
        _application.Run(serve);
    }

    public Task StartAsync() => _application.StartAsync();

    /// <summary>Takes an accepted connection; false: it takes none any more.</summary>
    public bool TryAdd(Socket accepted) => _feed.TryAdd(accepted);

    /// <summary>Other limits and timeouts for connections that come from now on.</summary>
    public void Apply(HttpConfig http) =>
        KestrelSetup.Apply(Services.GetRequiredService<IOptions<KestrelServerOptions>>().Value.Limits, http.Limits, http.Timeouts);

    /// <summary>Tells clients to go elsewhere with their next request, and waits for the requests that are there, at the longest
    /// until <paramref name="limit"/>; then they are cut.</summary>
    public Task DrainAsync(CancellationToken limit) => _application.StopAsync(limit);

    public ValueTask DisposeAsync() => _application.DisposeAsync();

    private static void AddCompression(IServiceCollection services, CompressionConfig compression)
    {
        services.AddResponseCompression(o =>
        {
            o.MimeTypes = compression.Types;
            o.EnableForHttps = true;
        });
        services.Configure<BrotliCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
        services.Configure<GzipCompressionProviderOptions>(o => o.Level = System.IO.Compression.CompressionLevel.Fastest);
    }
}
