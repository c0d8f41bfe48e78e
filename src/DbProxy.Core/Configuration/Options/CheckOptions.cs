using DbProxy.LoadBalancer.HealthChecks;

namespace DbProxy.Core.Configuration;

/// <summary>How the servers of a backend are checked.</summary>
public sealed class CheckOptions
{
    /// <summary>What a check does; None: servers always count as up.</summary>
    public BackendCheck Kind { get; set; } = BackendCheck.Tcp;

    /// <summary>The pause between checks.</summary>
    [Allowed("50ms", "1h")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>The pause while a server is on its way up or down.</summary>
    [Allowed("50ms", "1h")]
    public TimeSpan FastInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How long a check may take.</summary>
    [Allowed("10ms", "5m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checks in a row must succeed before a server that was down gets anything.</summary>
    [Allowed("1", "100")]
    public int Rise { get; set; } = 2;

    /// <summary>How many checks in a row must fail before a server gets nothing more.</summary>
    [Allowed("1", "100")]
    public int Fall { get; set; } = 3;

    /// <summary>The port to check; 0: the server's own.</summary>
    [Allowed("0", "65535")]
    public int Port { get; set; }

    /// <summary>Http: the method.</summary>
    public string Method { get; set; } = "GET";

    /// <summary>Http: the path and query.</summary>
    public string Path { get; set; } = "/";

    /// <summary>Http: the Host header.</summary>
    [DefaultText("the server's address"), Example("www.example.org")]
    public string? Host { get; set; }

    /// <summary>Http: the least status that is good.</summary>
    [Allowed("100", "599")]
    public int StatusFrom { get; set; } = 200;

    /// <summary>Http: the greatest status that is good.</summary>
    [Allowed("100", "599")]
    public int StatusTo { get; set; } = 399;

    /// <summary>Http: the status by which a server asks for nothing new while it finishes what it has, such as 503 of /readyz; 0: none.</summary>
    [Allowed("0", "599")]
    public int DrainStatus { get; set; }

    /// <summary>Http: text that the first 64 KiB of the body must hold.</summary>
    [Example("ready")]
    public string? BodyContains { get; set; }

    /// <summary>MySql: the account.</summary>
    [Example("monitor")]
    public string? User { get; set; }

    /// <summary>MySql: the file with its password; a line end after it is ignored.</summary>
    [Example("/run/secrets/dbproxy-monitor")]
    public string? PasswordFile { get; set; }

    /// <summary>MySql: whether TLS is used and what is checked of the server's certificate.</summary>
    public ServerTlsMode TlsMode { get; set; } = ServerTlsMode.Preferred;

    /// <summary>MySql: the authorities whose certificates VerifyCa and VerifyFull accept, in PEM form; new contents count at once.</summary>
    [DefaultText("the system's authorities"), Example("/etc/dbproxy/ca.crt")]
    public string? CaFile { get; set; }

    /// <summary>MySql: which servers are good.</summary>
    public MySqlRole Role { get; set; } = MySqlRole.Any;

    /// <summary>MySql: how far a replica may be behind, in whole seconds as the server tells it.</summary>
    [Allowed("0s", "30d")]
    public TimeSpan MaxLag { get; set; } = TimeSpan.FromSeconds(10);
}
