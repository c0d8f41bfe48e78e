using DbProxy.Admin;
using DbProxy.Core;

namespace DbProxy.Hosting;

/// <summary>What <c>run</c> hosts. The configuration store is registered already.</summary>
internal static class ProxyServices
{
    public static void Register(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ProxyServer>();
        services.AddSingleton<AdminService>();

        // Stopped in reverse: the proxy drains while its metrics and its readiness can still be read.
        services.AddHostedService(s => s.GetRequiredService<AdminService>());
        services.AddHostedService<ProxyService>();
    }
}
