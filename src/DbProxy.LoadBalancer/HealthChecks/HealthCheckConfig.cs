using MySqlConnector;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>What a check does.</summary>
public enum CheckKind
{
    /// <summary>Opens a connection.</summary>
    Tcp,

    /// <summary>Sends an HTTP request and looks at the answer.</summary>
    Http,

    /// <summary>Logs in to a MySQL or MariaDB server, or to a MySQL proxy.</summary>
    MySql,

    /// <summary>Asks an agent alone: connects to it and reads a line such as <c>up</c>, <c>drain</c>, <c>75%</c> or <c>down</c>.</summary>
    Agent,
}

/// <summary>Which MySQL servers a check takes for good.</summary>
public enum MySqlRole
{
    /// <summary>Any that lets the account in.</summary>
    Any,

    /// <summary>One that can be written to.</summary>
    Primary,

    /// <summary>A read-only one within the lag limit.</summary>
    Replica,
}

/// <summary>How a backend's servers are checked. Immutable.</summary>
public sealed record HealthCheckConfig
{
    /// <summary>What a check does. Default Tcp.</summary>
    public CheckKind Kind { get; init; }

    /// <summary>The pause between checks. Default 2 s.</summary>
    public TimeSpan Interval { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause while a server is on its way up or down. Default 500 ms.</summary>
    public TimeSpan FastInterval { get; init; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a check may take. Default 1 s.</summary>
    public TimeSpan Timeout { get; init; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checks in a row must succeed before a server that was down gets anything. Default 2.</summary>
    public int Rise { get; init; } = 2;

    /// <summary>How many checks in a row must fail before a server gets nothing more. Default 3.</summary>
    public int Fall { get; init; } = 3;

    /// <summary>The port to check; 0, the default: the server's own.</summary>
    public int Port { get; init; }

    /// <summary>Http: the method. Default GET.</summary>
    public string Method { get; init; } = "GET";

    /// <summary>Http: the path and query. Default /.</summary>
    public string Path { get; init; } = "/";

    /// <summary>Http: the Host header; null: the server's address.</summary>
    public string? Host { get; init; }

    /// <summary>Http: the least status that is good. Default 200.</summary>
    public int StatusFrom { get; init; } = 200;

    /// <summary>Http: the greatest status that is good. Default 399.</summary>
    public int StatusTo { get; init; } = 399;

    /// <summary>Http: the status by which a server asks for nothing new while it finishes what it has; 0, the default: none.</summary>
    public int DrainStatus { get; init; }

    /// <summary>Http: text that the first 64 KiB of the body must hold; null: anything.</summary>
    public string? BodyContains { get; init; }

    /// <summary>MySql: the account.</summary>
    public string User { get; init; } = "";

    /// <summary>MySql: its password.</summary>
    public string Password { get; init; } = "";

    /// <summary>MySql: whether TLS is used and what is checked of the server's certificate. Default Preferred.</summary>
    public MySqlSslMode TlsMode { get; init; } = MySqlSslMode.Preferred;

    /// <summary>MySql: the accepted authorities, in PEM form; null: the system's.</summary>
    public string? CaFile { get; init; }

    /// <summary>MySql: which role is good. Default Any.</summary>
    public MySqlRole Role { get; init; }

    /// <summary>MySql: the most seconds that a replica may be behind. Default 10 s.</summary>
    public TimeSpan MaxLag { get; init; } = TimeSpan.FromSeconds(10);
}
