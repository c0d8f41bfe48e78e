namespace DbProxy.Core.Configuration;

/// <summary>The HTTP listener for operators: metrics, statistics page and runtime API.</summary>
public sealed class AdminOptions
{
    /// <summary>Its address; null (in variables and flags the word none): no such listener.</summary>
    /// <remarks>Whoever reaches it can read statistics, user names and clients' addresses, unless ReadsNeedPassword is set.</remarks>
    public string? Listen { get; set; } = "127.0.0.1:6070";

    /// <summary>The name that goes with the password where one is asked for (HTTP Basic).</summary>
    public string User { get; set; } = "admin";

    /// <summary>The password for actions: HTTP Basic with User, or a bearer token. Without one there are no actions. Prefer
    /// PasswordFile or the environment variable DBPROXY_ADMIN_PASSWORD.</summary>
    /// <remarks>A password in this file is readable to whoever reads the file.</remarks>
    [DefaultText("none: actions are refused")]
    public string? Password { get; set; }

    /// <summary>A file that holds the password and nothing else; a line end after it is ignored.</summary>
    [Example("/run/secrets/dbproxy-admin")]
    public string? PasswordFile { get; set; }

    /// <summary>Whether statistics need the password too. /metrics, /healthz and /readyz never do.</summary>
    public bool ReadsNeedPassword { get; set; }

    /// <summary>TLS of the listener.</summary>
    public FrontendTlsOptions Tls { get; set; } = new();
}
