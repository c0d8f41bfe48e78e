using System.Collections.Immutable;
using System.Net;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Listeners and servers: readable, complete, none twice.</summary>
internal sealed class AddressCheck(MistakeList mistakes)
{
    private readonly Dictionary<HostPort, string> _listeners = [];

    public ImmutableArray<ListenAddress> Listeners(ProxyOptions options)
    {
        if (IsFrontEndOnly(options)) return [];
        if (options.Listen.Count == 0)
            mistakes.Add("Listen", "no address to listen on; add one such as \"127.0.0.1:6033\"");
        var result = ImmutableArray.CreateBuilder<ListenAddress>();
        for (var i = 0; i < options.Listen.Count; i++)
        {
            var (role, text) = ListenAddress.Parts(options.Listen[i]);
            if (!OptionTypes.TryParse(typeof(ListenRole), role, out var value, out var error))
                mistakes.Add($"Listen[{i}]", $"{error}; write such as \"primary@127.0.0.1:6034\"");
            else if (Listener($"Listen[{i}]", text) is { } address) result.Add(new(address, (ListenRole)value!));
        }
        return result.ToImmutable();
    }

    public HostPort? Admin(AdminOptions options) =>
        options.Listen is { } text && text != "none" ? Listener("Admin.Listen", text, takesUnix: false) : null;

    /// <summary>Whether the configuration is about a front end and no MySQL proxy.</summary>
    public static bool IsFrontEndOnly(ProxyOptions options) => options.Servers.Count == 0 && options.Frontends.Count > 0;

    public ImmutableArray<ServerConfig> Servers(ProxyOptions options)
    {
        var servers = options.Servers;
        if (servers.Count == 0 && !IsFrontEndOnly(options))
            mistakes.Add("Servers", "no server given; add { \"Address\": \"host:3306\" } here or --server host:3306");
        var result = ImmutableArray.CreateBuilder<ServerConfig>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        var addresses = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        for (var i = 0; i < servers.Count; i++)
        {
            var path = $"Servers[{i}]";
            if (Server($"{path}.Address", servers[i].Address) is not { } address) continue;
            if (!addresses.TryAdd(address.ToString(), path))
                mistakes.Add($"{path}.Address", $"{address} is also {addresses[address.ToString()]}; list each server once and use Weight for its share");
            var name = servers[i].Name ?? address.ToString();
            if (name.Length == 0) mistakes.Add($"{path}.Name", "the name is empty; leave Name out to use the address");
            else if (!names.TryAdd(name, path) && addresses[address.ToString()] == path)
                mistakes.Add($"{path}.Name", $"\"{name}\" is also the name of {names[name]}; give each server its own name");
            result.Add(new ServerConfig(name, address, servers[i].Weight, servers[i].ProxyProtocol));
        }
        return result.ToImmutable();
    }

    /// <summary>Where a server listens; null: noted as a mistake.</summary>
    public HostPort? Server(string path, string? text)
    {
        if (text is null)
        {
            mistakes.Add(path, "missing; write where the server listens, such as \"db1:3306\"");
            return null;
        }
        if (!HostPort.TryParse(text, out var address, out var error)) mistakes.Add(path, error);
        else if (address.UnixPath is not null) return address;
        else if (address.Host.Length == 0) mistakes.Add(path, $"\"{text}\" names no host; write host:port");
        else if (address.Port == 0) mistakes.Add(path, $"\"{text}\": a server's port is 1 to 65535");
        else return address;
        return null;
    }

    /// <summary>A local address of the front end; null: noted as a mistake.</summary>
    public IPEndPoint? Bind(string path, string text)
    {
        if (Listener(path, text, takesUnix: false) is not { } address) return null;
        if (address.Host.Length == 0) return new IPEndPoint(IPAddress.IPv6Any, address.Port);
        if (IPAddress.TryParse(address.Host, out var ip)) return new IPEndPoint(ip, address.Port);
        mistakes.Add(path, $"\"{address.Host}\" is not an address of this machine; write an IP address, or :{address.Port} for all");
        return null;
    }

    private HostPort? Listener(string path, string text, bool takesUnix = true)
    {
        if (!HostPort.TryParse(text, out var address, out var error))
        {
            mistakes.Add(path, error);
            return null;
        }
        if (address.UnixPath is not null && !takesUnix)
        {
            mistakes.Add(path, $"{text} is a Unix domain socket; this listener takes host:port only");
            return null;
        }
        if ((address.Port != 0 || address.UnixPath is not null) && !_listeners.TryAdd(address, path))
            mistakes.Add(path, $"{address} is also {_listeners[address]}; each listener needs its own address");
        return address;
    }
}
