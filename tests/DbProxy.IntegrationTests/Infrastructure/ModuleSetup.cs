using System.Runtime.CompilerServices;

namespace DbProxy.IntegrationTests.Infrastructure;

internal static class ModuleSetup
{
    /// <summary>As in production (see the executable's Main), and as there before the first socket is made.</summary>
    [ModuleInitializer]
    internal static void Run()
    {
        Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
        // No process that tests stop has a load balancer in front that needs time to notice, but for tests that say so.
        Environment.SetEnvironmentVariable("DBPROXY_LIMITS__READINESSDELAY", "0s");
    }
}
