using System.Collections.Frozen;
using System.Collections.Immutable;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Checks what the options mean and makes the immutable snapshot of them.</summary>
internal static class ConfigBuilder
{
    public static ConfigResult Build(ProxyOptions options) => Build(options, new MistakeList(), Environment.GetEnvironmentVariable);

    /// <summary>Adds to <paramref name="mistakes"/>; returns a configuration when there are none.</summary>
    /// <param name="options">What was configured.</param>
    /// <param name="mistakes">Those found so far, with the places of all keys.</param>
    /// <param name="environment">Reads an environment variable for a password.</param>
    public static ConfigResult Build(ProxyOptions options, MistakeList mistakes, Func<string, string?> environment)
    {
        ArgumentNullException.ThrowIfNull(options);
        RangeCheck.Run(options, "", mistakes);
        var addresses = new AddressCheck(mistakes);
        var secrets = new SecretReader(mistakes, environment);
        var listen = addresses.Listeners(options);
        var admin = AdminBuilder.Build(options.Admin, addresses, secrets, mistakes);
        var servers = addresses.Servers(options);
        var monitor = new MonitorConfig(options.Monitor, AddressCheck.IsFrontEndOnly(options) ? new Secret("") : secrets.Monitor(options.Monitor));
        var users = secrets.Users(options.Users);
        var trusted = NetworkCheck.Trusted(options.ProxyProtocol, mistakes);
        var socketMode = NetworkCheck.SocketMode(options.ListenSocketMode, mistakes);
        var compression = CompressionCheck.Allowed(options, mistakes);
        var frontEnd = new FrontEndBuilder(mistakes, addresses, secrets, servers).Build(options);
        TlsCheck.Run(options, mistakes);
        PlausibilityCheck.Run(options, mistakes);
        if (!mistakes.IsEmpty) return new ConfigResult(null, mistakes.All);
        return new ConfigResult(new ProxyConfig
        {
            Listen = listen,
            Servers = servers,
            Monitor = monitor,
            Admin = admin,
            ClientTls = new ClientTlsConfig(options.ClientTls),
            ServerTls = new ServerTlsConfig(options.ServerTls),
            TrustedProxies = trusted,
            ListenSocketMode = socketMode,
            ClientCompression = compression,
            ServerCompression = new ServerCompressionConfig(options.ServerCompression),
            Users = users.ToFrozenDictionary(u => u.Name, StringComparer.Ordinal),
            Routing = new RoutingConfig(options.Routing),
            Pool = new PoolConfig(options.Pool),
            Limits = new LimitsConfig(options.Limits),
            ServerVersion = options.ServerVersion,
            FrontEnd = frontEnd,
            TopologyBackends = options.Backends.Where(b => b.FromTopology != TopologyServers.None)
                .ToFrozenDictionary(b => b.Name!, b => b.FromTopology, StringComparer.Ordinal),
            ReloadOnChange = options.ReloadOnChange,
            TakeoverSocket = options.TakeoverSocket,
            Logging = new LoggingConfig(options.Logging),
        }, []);
    }
}
