using DbProxy.Admin;
using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>What <c>run</c> and <c>balance</c> host. The configuration store is registered already.</summary>
internal static class ProxyServices
{
    public static void Register(IServiceCollection services, ProxyConfig config)
    {
        ArgumentNullException.ThrowIfNull(services);
        ArgumentNullException.ThrowIfNull(config);
        services.AddSingleton(TimeProvider.System);
        services.AddSingleton<ListenSockets>();
        services.AddHostedService<TakeoverService>();
        services.AddSingleton(s => new AdminService(
            s.GetRequiredService<ConfigStore>(), s.GetService<ProxyServer>(), s.GetService<Balancer>(), s.GetRequiredService<ILoggerFactory>(),
            s.GetRequiredService<ListenSockets>()));

        // Stopped in reverse: clients are drained from the front, while metrics and readiness can still be read.
        services.AddHostedService<AdminListening>();
        if (config.ServesMySql)
        {
            services.AddSingleton<ProxyServer>();
            services.AddHostedService<ProxyService>();
        }

        services.AddSingleton(s => new Balancer(
            config.FrontEnd, s.GetRequiredService<ILoggerFactory>(), s.GetRequiredService<TimeProvider>(), s.GetRequiredService<ListenSockets>()));
        services.AddHostedService<BalancerService>();
        services.AddHostedService<ConfigWatch>();
        services.AddHostedService<RotationService>();
    }
}
