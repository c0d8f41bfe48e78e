using System.Net;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Certificates;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.AspNetCore.Server.Kestrel.Https;

namespace DbProxy.Admin;

/// <summary>The operators' address in Kestrel's terms.</summary>
internal static class AdminListener
{
    /// <summary>No request here is large: the largest describes one server.</summary>
    private const int MaxBody = 64 << 10;

    private const int MaxConnections = 1000;

    public static void Apply(KestrelServerOptions options, AdminConfig config, FrontendTlsStore? certificates)
    {
        options.AddServerHeader = false;
        options.Limits.MaxRequestBodySize = MaxBody;
        options.Limits.MaxConcurrentConnections = MaxConnections;
        if (config.Listen is { Host: "localhost", Port: > 0 } local)
            options.ListenLocalhost(local.Port, listen => Secure(listen, certificates));
        else
            options.Listen(EndPointOf(config.Listen!.Value), listen => Secure(listen, certificates));
    }

    /// <summary>Whether only this machine reaches the address.</summary>
    public static bool IsLocal(HostPort address) => IPAddress.IsLoopback(EndPointOf(address).Address);

    private static IPEndPoint EndPointOf(HostPort address) => new(
        address.Host switch { "" => IPAddress.IPv6Any, "localhost" => IPAddress.Loopback, var ip => IPAddress.Parse(ip) }, address.Port);

    private static void Secure(ListenOptions listen, FrontendTlsStore? certificates)
    {
        if (certificates is not null)
            listen.UseHttps(new TlsHandshakeCallbackOptions { OnConnection = context => new(certificates.For(context.ClientHelloInfo.ServerName)) });
    }
}
