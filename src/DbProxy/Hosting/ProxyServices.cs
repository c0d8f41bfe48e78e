namespace DbProxy.Hosting;

/// <summary>What <c>run</c> hosts. The configuration store is registered already.</summary>
internal static class ProxyServices
{
    public static void Register(IServiceCollection services)
    {
        ArgumentNullException.ThrowIfNull(services);
        services.AddSingleton(TimeProvider.System);
    }
}
