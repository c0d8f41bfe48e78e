using System.Net;
using System.Text;
using DbProxy.LoadBalancer.Certificates;
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
        KestrelServerOptions options, HostShape shape, EndPoint feed, HttpConfig config, ConnectionGate gate, Func<FrontendTlsStore> certificates)
    {
        options.AddServerHeader = false;
        // Bytes pass as they are, whatever their encoding.
        options.RequestHeaderEncodingSelector = static _ => Encoding.Latin1;
        options.ResponseHeaderEncodingSelector = static _ => Encoding.Latin1;
        Apply(options.Limits, config.Limits, config.Timeouts);
        options.Listen(feed, listen => Apply(listen, shape, gate, certificates));
    }

    private static void Apply(ListenOptions listen, HostShape shape, ConnectionGate gate, Func<FrontendTlsStore> certificates)
    {
        listen.Protocols = shape.IsTls ? HttpProtocols.Http1AndHttp2 : HttpProtocols.Http1;
        listen.Use(next => connection => gate.PassAsync(connection, next));
        if (!shape.IsTls)
            return;
        listen.Use(next => connection => Handshake.BeginAsync(connection, certificates().AsksForCertificates, next));
        listen.UseHttps(new TlsHandshakeCallbackOptions
        {
            OnConnection = context => new(certificates().For(context.ClientHelloInfo.ServerName)),
            HandshakeTimeout = shape.HandshakeTimeout,
        });
        listen.Use(next => connection => Handshake.EndAsync(connection, next));
    }

    public static void Apply(KestrelServerLimits to, HttpLimits limits, HttpTimeouts timeouts)
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
