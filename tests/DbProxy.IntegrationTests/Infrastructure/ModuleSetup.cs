using System.Runtime.CompilerServices;

namespace DbProxy.IntegrationTests.Infrastructure;

internal static class ModuleSetup
{
    /// <summary>As in production (see the executable's Main), and as there before the first socket is made.</summary>
    [ModuleInitializer]
    internal static void Run() => Environment.SetEnvironmentVariable("DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", "1");
}
