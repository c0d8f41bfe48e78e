using DbProxy.Admin.Access;
using DbProxy.Admin.Api.Models;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;
using ServerConfig = DbProxy.LoadBalancer.Servers.ServerConfig;

namespace DbProxy.Admin.Api.Endpoints;

/// <summary>Changes a server as asked, or not at all.</summary>
internal static class ServerChanger
{
    private const int MaxWeight = 256;
    private const int MostConnections = 1_000_000;
    private static readonly Lock OneAtATime = new();

    /// <summary>Changes the server; returns why not.</summary>
    public static Problem? Apply(ServerChange change, Backend backend, Server server)
    {
        AdminState state = default;
        if (change.State is { } word && !TryParse(word, out state))
            return BadState(word);
        lock (OneAtATime)
        {
            if (Configured(change, server.Config, out var config) is { } problem)
                return problem;
            if (config != server.Config)
                server.Config = config;
        }
        if (change.State is not null)
            server.SetAdmin(state, change.Reason ?? "by an operator", backend.Config.SlowStart);
        return null;
    }

    /// <summary>Reads what to add; returns why not.</summary>
    public static Problem? Read(NewServer server, out ServerConfig? config)
    {
        config = null;
        if (AddressProblem(server.Address, out var address) is { } problem)
            return problem;
        if (server.Name is { } name && (name.Length == 0 || name.AsSpan().ContainsAny('/', '\\')))
            return Bad("name", "a name must not be empty nor contain a slash; leave it out to use the address");
        var plain = new ServerConfig { Name = server.Name ?? address.ToString(), Host = address.Host, Port = address.Port, IsBackup = server.IsBackup };
        return Configured(new(Weight: server.Weight, MaxConnections: server.MaxConnections), plain, out config);
    }

    /// <summary>Reads a state's word.</summary>
    public static bool TryParse(string word, out AdminState state) =>
        Enum.TryParse(word, ignoreCase: true, out state) && Enum.IsDefined(state) && char.IsLetter(word[0]);

    /// <summary>Refuses a value of the request's body.</summary>
    public static Problem Bad(string key, string why) => new(StatusCodes.Status400BadRequest, "A value can't be used", $"{key}: {why}.");

    /// <summary>Refuses a state's word.</summary>
    public static Problem BadState(string word) => Bad("state", $"\"{word}\" is not one of ready, drain, maint");

    private static Problem? Configured(ServerChange change, ServerConfig before, out ServerConfig after)
    {
        after = before;
        if (change.Weight is < 0 or > MaxWeight)
            return Bad("weight", $"{change.Weight} is out of range; use 0 to {MaxWeight}");
        if (change.MaxConnections is < 0 or > MostConnections)
            return Bad("maxConnections", $"{change.MaxConnections} is out of range; use 0 (no limit) to {MostConnections}");
        HostPort address = new(before.Host, before.Port);
        if (change.Address is { } text && AddressProblem(text, out address) is { } problem)
            return problem;
        after = before with
        {
            Weight = change.Weight ?? before.Weight,
            MaxConnections = change.MaxConnections ?? before.MaxConnections,
            Host = address.Host,
            Port = address.Port,
        };
        return null;
    }

    /// <summary>Reads where a server listens, which for a database server may be a socket's file; returns why not.</summary>
    public static Problem? AddressProblem(string text, out HostPort address, bool takesUnix = false)
    {
        if (!HostPort.TryParse(text, out address, out var error))
            return Bad("address", error);
        var isOne = address.UnixPath is null ? address is { Host.Length: > 0, Port: > 0 } : takesUnix;
        return isOne ? null : Bad("address", $"\"{text}\" is no server's address; write host:port");
    }
}
