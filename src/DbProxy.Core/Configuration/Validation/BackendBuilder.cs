using System.Collections.Immutable;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Servers;
using BackendServer = DbProxy.LoadBalancer.Servers.ServerConfig;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>One backend of the front end.</summary>
internal sealed class BackendBuilder(MistakeList mistakes, AddressCheck addresses, SecretReader secrets, ImmutableArray<ServerConfig> topology, string path)
{
    private const int MostToSend = 1024;

    public BackendConfig Build(string name, BackendOptions options)
    {
        var isDirected = options.FromTopology != TopologyServers.None;
        if (!isDirected && options.Servers.Count == 0)
            mistakes.Add($"{path}.Servers", "no server given; add { \"Address\": \"host:port\" }");
        if (isDirected && (options.Servers.Count > 0 || options.Check.Kind is not (BackendCheck.None or BackendCheck.Tcp) || options.AgentCheck.Port > 0))
            mistakes.Add($"{path}.FromTopology", "servers and checks are the topology's then; leave Servers, Check and AgentCheck out");
        return new()
        {
            Name = name,
            Servers = isDirected ? FromTopology() : Servers(options.Servers),
            IsDirected = isDirected,
            Balance = OptionTypes.Format(options.Balance),
            AllBackups = options.AllBackups,
            Check = isDirected ? null : Check(options.Check),
            Agent = isDirected ? null : Agent(options),
            ConnectTimeout = options.ConnectTimeout,
            QueueTimeout = options.QueueTimeout,
            MaxQueue = options.MaxQueue,
            Retries = options.Retries,
            Redispatch = options.Redispatch,
            SendProxy = options.SendProxy,
            Tls = BackendTlsBuilder.Build(mistakes, $"{path}.Tls", options.Tls),
            SlowStart = options.SlowStart,
            ErrorLimit = options.ErrorLimit,
            CloseWhenDown = options.CloseWhenDown,
        };
    }

    private ImmutableArray<BackendServer> FromTopology()
    {
        if (topology.IsEmpty)
            mistakes.Add($"{path}.FromTopology", "there are no Servers at the top level to take any from");
        if (topology.FirstOrDefault(s => s.Address.UnixPath is not null) is { } local)
            mistakes.Add($"{path}.FromTopology", $"{local.Name} is reached by a Unix domain socket; backends take host:port only");
        return [.. topology.Select(s => new BackendServer { Name = s.Name, Host = s.Address.Host, Port = s.Address.Port, Weight = s.Weight })];
    }

    private ImmutableArray<BackendServer> Servers(List<BackendServerOptions> options)
    {
        var servers = ImmutableArray.CreateBuilder<BackendServer>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < options.Count; i++)
        {
            var (at, server) = ($"{path}.Servers[{i}]", options[i]);
            if (addresses.Server($"{at}.Address", server.Address) is not { } address)
                continue;
            var name = server.Name ?? address.ToString();
            if (!names.Add(name))
                mistakes.Add(server.Name is null ? $"{at}.Address" : $"{at}.Name", $"\"{name}\" is there already; give each server its own name");
            servers.Add(new()
            {
                Name = name, Host = address.Host, Port = address.Port, Weight = server.Weight, IsBackup = server.Backup,
                MaxConnections = server.MaxConnections,
            });
        }
        return servers.ToImmutable();
    }

    private AgentCheckConfig? Agent(BackendOptions options)
    {
        var agent = options.AgentCheck;
        if (agent.Port == 0)
        {
            if (agent.Host is not null || agent.Send is not null)
                mistakes.Add($"{path}.AgentCheck.Port", "missing; name the port that the agent listens on");
            return null;
        }
        if (options.Check.Kind == BackendCheck.Agent)
            mistakes.Add($"{path}.AgentCheck", "Check asks an agent already; give Check another Kind, or leave AgentCheck out");
        if (agent.Host is { } host && Uri.CheckHostName(host.Trim('[', ']')) == UriHostNameType.Unknown)
            mistakes.Add($"{path}.AgentCheck.Host", $"\"{host}\" is no host; write a name or an address, without a port");
        if (agent.Send?.Length > MostToSend)
            mistakes.Add($"{path}.AgentCheck.Send", $"{agent.Send.Length} characters; at most {MostToSend} are sent");
        return new() { Port = agent.Port, Host = agent.Host?.Trim('[', ']'), Send = agent.Send ?? "", Interval = agent.Interval, Timeout = agent.Timeout };
    }

    private HealthCheckConfig? Check(CheckOptions options)
    {
        if (options.Kind == BackendCheck.None)
            return null;
        if (options.StatusFrom > options.StatusTo)
            mistakes.Add($"{path}.Check.StatusTo", $"{options.StatusTo} is below StatusFrom, {options.StatusFrom}");
        if (!options.Path.StartsWith('/'))
            mistakes.Add($"{path}.Check.Path", $"\"{options.Path}\" must begin with /");
        if (options.Kind == BackendCheck.MySql && string.IsNullOrEmpty(options.User))
            mistakes.Add($"{path}.Check.User", "missing; name an account that may log in to the servers");
        if (options is { CaFile: not null, TlsMode: < ServerTlsMode.VerifyCa })
            mistakes.Add($"{path}.Check.CaFile", $"mode {options.TlsMode} checks no certificate; set TlsMode to VerifyCa or VerifyFull, or leave CaFile out");
        return new()
        {
            Kind = Enum.Parse<CheckKind>(options.Kind.ToString()),
            Interval = options.Interval,
            FastInterval = options.FastInterval,
            Timeout = options.Timeout,
            Rise = options.Rise,
            Fall = options.Fall,
            Port = options.Port,
            Method = options.Method,
            Path = options.Path,
            Host = options.Host,
            StatusFrom = options.StatusFrom,
            StatusTo = options.StatusTo,
            DrainStatus = options.DrainStatus,
            BodyContains = options.BodyContains,
            User = options.User ?? "",
            Password = options.PasswordFile is { } file ? secrets.FromFile($"{path}.Check.PasswordFile", file).Reveal() : "",
            TlsMode = options.TlsMode.ForDriver(),
            CaFile = TlsCheck.AuthoritiesOf($"{path}.Check.CaFile", options.CaFile, mistakes) ? options.CaFile : null,
            Role = options.Role,
            MaxLag = options.MaxLag,
        };
    }
}
