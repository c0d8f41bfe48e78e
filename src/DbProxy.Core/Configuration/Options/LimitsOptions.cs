namespace DbProxy.Core.Configuration;

/// <summary>Limits on clients.</summary>
public sealed class LimitsOptions
{
    /// <summary>The most client sessions at once; one more is refused with MySQL's error 1040.</summary>
    /// <remarks>Each needs a file descriptor: raise the process's limit with it.</remarks>
    [Allowed("1", "1000000")]
    public int MaxSessions { get; set; } = 10_000;

    /// <summary>The most connections of all frontends together; who comes beyond waits until one ends. Each frontend has a limit
    /// of its own besides.</summary>
    [Allowed("1", "1000000")]
    public int MaxFrontendConnections { get; set; } = 100_000;

    /// <summary>The largest statement that a client may send; a larger one fails with MySQL's error 1153.</summary>
    /// <remarks>
    /// A statement of 16 MiB or more runs on the primary and is passed on while it arrives; only a text to prepare is
    /// held whole. The servers have their own max_allowed_packet.
    /// </remarks>
    [Allowed("1KiB", "1GiB")]
    public ByteSize MaxAllowedPacket { get; set; } = ByteSize.MiB(64);

    /// <summary>Whether clients may load files of their own (LOAD DATA LOCAL INFILE), where the servers allow it too.</summary>
    /// <remarks>Switched off, the servers refuse the statement as if the client could not do it (errors 3948, 4166).</remarks>
    public bool LocalInfile { get; set; } = true;

    /// <summary>How long a client may take to log in.</summary>
    [Allowed("100ms", "5m")]
    public TimeSpan LoginTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>After this time without a statement a client is disconnected, even where its <c>wait_timeout</c> is longer.</summary>
    /// <remarks>That variable, as the session or else the server has it, holds for sessions as without a proxy.</remarks>
    [Allowed("1s", "365d")]
    public TimeSpan IdleTimeout { get; set; } = TimeSpan.FromDays(365);

    /// <summary>
    /// How long, after the proxy was told to stop, /readyz says that it is not ready while clients are still served, before
    /// no more are accepted: a load balancer in front needs the time to notice. Without Admin.Listen there is no wait.
    /// </summary>
    [Allowed("0s", "10m")]
    public TimeSpan ReadinessDelay { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>How long running statements and transactions may go on after the proxy was told to stop.</summary>
    [Allowed("0s", "1h")]
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long a password that a server confirmed is trusted before a login asks a server again.</summary>
    /// <remarks>For so long a changed or revoked password still opens sessions; shorter costs the servers logins.</remarks>
    [Allowed("0s", "1h")]
    public TimeSpan CredentialRecheck { get; set; } = TimeSpan.FromSeconds(1);
}
