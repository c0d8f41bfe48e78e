namespace DbProxy.Core.Configuration;

/// <summary>Limits on clients; see <see cref="LimitsOptions"/>.</summary>
public sealed record LimitsConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public LimitsConfig(LimitsOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        MaxSessions = options.MaxSessions;
        MaxAllowedPacket = (int)Math.Min(options.MaxAllowedPacket.Bytes, int.MaxValue);
        LocalInfile = options.LocalInfile;
        LoginTimeout = options.LoginTimeout;
        IdleTimeout = options.IdleTimeout;
        ReadinessDelay = options.ReadinessDelay;
        DrainTimeout = options.DrainTimeout;
        CredentialRecheck = options.CredentialRecheck;
    }

    /// <inheritdoc cref="LimitsOptions.MaxSessions"/>
    public int MaxSessions { get; init; }

    /// <summary>The largest statement that a client may send, in bytes; at most 1 GiB.</summary>
    public int MaxAllowedPacket { get; init; }

    /// <inheritdoc cref="LimitsOptions.LocalInfile"/>
    public bool LocalInfile { get; init; }

    /// <inheritdoc cref="LimitsOptions.LoginTimeout"/>
    public TimeSpan LoginTimeout { get; init; }

    /// <inheritdoc cref="LimitsOptions.IdleTimeout"/>
    public TimeSpan IdleTimeout { get; init; }

    /// <inheritdoc cref="LimitsOptions.ReadinessDelay"/>
    public TimeSpan ReadinessDelay { get; init; }

    /// <inheritdoc cref="LimitsOptions.DrainTimeout"/>
    public TimeSpan DrainTimeout { get; init; }

    /// <inheritdoc cref="LimitsOptions.CredentialRecheck"/>
    public TimeSpan CredentialRecheck { get; init; }
}
