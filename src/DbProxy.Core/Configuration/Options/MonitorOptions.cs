namespace DbProxy.Core.Configuration;

/// <summary>The checks that find each server's state, role and lag.</summary>
public sealed class MonitorOptions
{
    /// <summary>The account for checks; it needs REPLICATION CLIENT, and on MySQL also SELECT on performance_schema.</summary>
    [DefaultText("required"), Example("monitor")]
    public string? User { get; set; }

    /// <summary>Its password. Prefer PasswordFile or the environment variable DBPROXY_MONITOR_PASSWORD.</summary>
    /// <remarks>A password in this file is readable to whoever reads the file.</remarks>
    [DefaultText("required, here, in PasswordFile or in DBPROXY_MONITOR_PASSWORD")]
    public string? Password { get; set; }

    /// <summary>A file that holds the password and nothing else; a line end after it is ignored.</summary>
    [Example("/run/secrets/dbproxy-monitor")]
    public string? PasswordFile { get; set; }

    /// <summary>The pause between two checks of a server.</summary>
    /// <remarks>A changed role is noticed after about one interval; each check costs a server a few short queries.</remarks>
    [Allowed("50ms", "1m")]
    public TimeSpan Interval { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>How long a check may take to connect and log in.</summary>
    [Allowed("10ms", "1m")]
    public TimeSpan ConnectTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How long a check's query may take; a server that hangs is down after this time, Fall times.</summary>
    [Allowed("10ms", "1m")]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>How many checks in a row must fail before a server counts as down.</summary>
    [Allowed("1", "100")]
    public int Fall { get; set; } = 2;

    /// <summary>How many checks in a row must succeed before a server that was down is used again.</summary>
    [Allowed("1", "100")]
    public int Rise { get; set; } = 2;
}
