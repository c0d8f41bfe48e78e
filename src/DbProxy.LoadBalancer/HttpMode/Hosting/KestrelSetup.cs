using System.Net;
using System.Text;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>A frontend's settings in Kestrel's terms.</summary>
internal static class KestrelSetup
{
    public static void Apply(
        KestrelServerOptions options, FrontendConfig frontend, HttpConfig config, ConnectionGate gate, FrontendTlsStore? certificates)
    {
        options.AddServerHeader = false;
        // Bytes pass as they are, whatever their encoding.
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        Apply(options.Limits, config.Limits, config.Timeouts);
        foreach (var address in frontend.Listen)
            options.Listen(address, listen => Apply(listen, frontend, gate, certificates));
    }

    private static void Apply(ListenOptions listen, FrontendConfig frontend, ConnectionGate gate, FrontendTlsStore? certificates)
    {
        listen.Protocols = certificates is null ? HttpProtocols.Http1 : HttpProtocols.Http1AndHttp2;
        listen.Use(next => connection => gate.PassAsync(connection, next));
        if (certificates is null)
            return;
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => new(certificates.For(context.ClientHelloInfo.ServerName)),
            HandshakeTimeout = frontend.HandshakeTimeout,
        });
        listen.Use(next => connection =>
        {
            connection.Features.Set(HandshakeDone.Mark);
            return next(connection);
        });
    }

    private static void Apply(KestrelServerLimits to, HttpLimits limits, HttpTimeouts timeouts)
    {
        to.RequestHeadersTimeout = timeouts.RequestHeaders;
        to.KeepAliveTimeout = timeouts.KeepAlive;
        to.MaxRequestBodySize = limits.MaxBody;
        to.MaxRequestLineSize = limits.MaxRequestLine;
        to.MaxRequestHeadersTotalSize = limits.MaxHeaders;
        to.MaxRequestHeaderCount = limits.MaxHeaderCount;
        to.MaxRequestBufferSize = Math.Max(to.MaxRequestBufferSize ?? 0, Math.Max(limits.MaxRequestLine, limits.MaxHeaders));
        to.MinRequestBodyDataRate = Rate(limits.MinRequestRate, limits.RateGrace);
        to.MinResponseDataRate = Rate(limits.MinResponseRate, limits.RateGrace);
        to.Http2.MaxStreamsPerConnection = limits.MaxStreams;
    }

    private static MinDataRate? Rate(int bytesPerSecond, TimeSpan grace) =>
        bytesPerSecond == 0 ? null : new(bytesPerSecond, grace > TimeSpan.FromSeconds(1) ? grace : TimeSpan.FromSeconds(1.1));
}
