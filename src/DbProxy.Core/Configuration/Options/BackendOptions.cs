using DbProxy.LoadBalancer.ProxyProtocol;

namespace DbProxy.Core.Configuration;

/// <summary>Servers that do the same work.</summary>
public sealed class BackendOptions
{
    /// <summary>The name in logs and metrics, and what frontends call it.</summary>
    [DefaultText("required"), Example("app")]
    public string? Name { get; set; }

    /// <summary>The servers.</summary>
    public List<BackendServerOptions> Servers { get; set; } = [];

    /// <summary>
    /// Takes the servers from Servers at the top level, and of them always those that have the role now: a tcp frontend then
    /// leads to whichever is the primary, or to the replicas within Routing.MaxLag. There are no servers or checks of its own then.
    /// </summary>
    /// <remarks>With CloseWhenDown sessions end when their server loses the role; without it they stay there.</remarks>
    public TopologyServers FromTopology { get; set; } = TopologyServers.None;

    /// <summary>How sessions spread over the servers.</summary>
    public FrontEndBalance Balance { get; set; } = FrontEndBalance.RoundRobin;

    /// <summary>Whether all backup servers work together once no other server can; else only the first that can.</summary>
    public bool AllBackups { get; set; }

    /// <summary>How the servers are checked.</summary>
    public CheckOptions Check { get; set; } = new();

    /// <summary>An agent beside each server that is asked besides the check: a server is up when both say so.</summary>
    /// <remarks>It answers each connection with a line of HAProxy's words: up, down, ready, drain, maint, a share of the weight such
    /// as 75%, a limit such as maxconn:30. What it said last stands while it can't be reached.</remarks>
    public AgentCheckOptions AgentCheck { get; set; } = new();

    /// <summary>How long opening a connection to a server may take.</summary>
    [Allowed("10ms", "5m")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long a session may wait for a server below its limit.</summary>
    [Allowed("10ms", "1h")]
    public TimeSpan QueueTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How many sessions may wait; one more is refused at once.</summary>
    [Allowed("0", "1000000")]
    public int MaxQueue { get; set; } = 10_000;

    /// <summary>How often a session is tried again when its server can't be connected to.</summary>
    [Allowed("0", "100")]
    public int Retries { get; set; } = 3;

    /// <summary>Whether a try again may go to another server.</summary>
    public bool Redispatch { get; set; } = true;

    /// <summary>The PROXY protocol's header that servers get, with the client's address; checks send one that names none.</summary>
    /// <remarks>In http mode each client's connection then has server connections of its own.</remarks>
    public ProxyHeaderVersion SendProxy { get; set; } = ProxyHeaderVersion.None;

    /// <summary>TLS towards the servers, which checks on the servers' own ports use, too.</summary>
    /// <remarks>It begins with the connection: MySQL's own TLS passes through tcp mode as it is.</remarks>
    public BackendTlsOptions Tls { get; set; } = new();

    /// <summary>How long a server that comes back takes to get its full share.</summary>
    [Allowed("0s", "1h")]
    public TimeSpan SlowStart { get; set; } = TimeSpan.Zero;

    /// <summary>Failed connections in a row after which a server counts as down until its checks succeed; 0: never. In http mode
    /// responses that it broke off or was too slow with count, too.</summary>
    [Allowed("0", "1000")]
    public int ErrorLimit { get; set; }

    /// <summary>Whether the sessions of a server that goes down are closed.</summary>
    public bool CloseWhenDown { get; set; }
}

/// <summary>One server of a backend.</summary>
public sealed class BackendServerOptions
{
    /// <summary>Where it listens, host:port. A name is resolved again for each connection.</summary>
    [DefaultText("required"), Example("app1.example:8080")]
    public string? Address { get; set; }

    /// <summary>The name in logs and metrics.</summary>
    [DefaultText("the address"), Example("app1")]
    public string? Name { get; set; }

    /// <summary>The share of the traffic, relative to the other servers' weights; 0: nothing but clients whose cookie names it.</summary>
    [Allowed("0", "256")]
    public int Weight { get; set; } = 1;

    /// <summary>Whether it works only while no other server can.</summary>
    public bool Backup { get; set; }

    /// <summary>The most connections at a time, more wait; 0: no limit.</summary>
    [Allowed("0", "1000000")]
    public int MaxConnections { get; set; }
}
