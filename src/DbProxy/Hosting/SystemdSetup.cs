using Microsoft.Extensions.Hosting.Systemd;

namespace DbProxy.Hosting;

/// <summary>Tells systemd when the proxy is ready and when it stops.</summary>
internal static class SystemdSetup
{
    /// <summary>
    /// Whether a service manager listens. The library looks at the parent's name only, which a wrapper between systemd
    /// and the proxy changes; the socket's variable is the protocol's own sign.
    /// </summary>
    public static bool IsActive => SystemdHelpers.IsSystemdService() || HasNotifySocket;

    private static bool HasNotifySocket => !string.IsNullOrEmpty(Environment.GetEnvironmentVariable("NOTIFY_SOCKET"));

    public static void Add(IServiceCollection services)
    {
        if (!OperatingSystem.IsLinux()) return;
        services.AddSystemd();
        if (!IsActive) return;
        services.AddSingleton<ISystemdNotifier, OwnNotifier>();
        if (!SystemdHelpers.IsSystemdService()) services.AddSingleton<IHostLifetime, SystemdLifetime>();
    }
}
