using DbProxy.Core.Configuration;

namespace DbProxy.Hosting;

/// <summary>Builds the generic host that the proxy lives in.</summary>
internal static class HostFactory
{
    /// <summary>What stopping may take beyond the drain: closing connections, flushing logs.</summary>
    private static readonly TimeSpan _closing = TimeSpan.FromSeconds(5);

    /// <param name="store">The configuration in force; registered for all services.</param>
    /// <param name="register">Adds the services to host; the last one added is the first one stopped.</param>
    public static IHost Create(ConfigStore store, Action<IServiceCollection, ProxyConfig> register)
    {
        var config = store.Current;
        // Without the defaults: no appsettings.json and no DOTNET_ variables, which would be a second configuration.
        var builder = Host.CreateApplicationBuilder(new HostApplicationBuilderSettings { DisableDefaults = true });
        builder.Services.AddSingleton(store);
        SystemdSetup.Add(builder.Services);
        LoggingSetup.Configure(builder.Logging, config.Logging);
        builder.Services.Configure<ConsoleLifetimeOptions>(options => options.SuppressStatusMessages = true);
        builder.Services.Configure<HostOptions>(options => options.ShutdownTimeout = ShutdownTimeout(config));
        builder.Services.AddHostedService<SignalService>();
        register(builder.Services, config);
        return builder.Build();
    }

    /// <summary>How long the host waits for its services to stop; the drain itself is the proxy's to limit.</summary>
    public static TimeSpan ShutdownTimeout(ProxyConfig config) => config.Limits.ReadinessDelay + config.Limits.DrainTimeout + _closing;
}
