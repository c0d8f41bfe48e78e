namespace DbProxy.Core.Configuration;

/// <summary>The checks that find each server's state, role and lag; see <see cref="MonitorOptions"/>.</summary>
public sealed record MonitorConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    /// <param name="options">What was configured.</param>
    /// <param name="password">The password, from wherever the options say.</param>
    public MonitorConfig(MonitorOptions options, Secret password)
    {
        ArgumentNullException.ThrowIfNull(options);
        User = options.User ?? "";
        Password = password;
        Interval = options.Interval;
        ConnectTimeout = options.ConnectTimeout;
        Timeout = options.Timeout;
        Fall = options.Fall;
        Rise = options.Rise;
    }

    /// <inheritdoc cref="MonitorOptions.User"/>
    public string User { get; init; }

    /// <summary>The account's password.</summary>
    public Secret Password { get; init; }

    /// <inheritdoc cref="MonitorOptions.Interval"/>
    public TimeSpan Interval { get; init; }

    /// <inheritdoc cref="MonitorOptions.ConnectTimeout"/>
    public TimeSpan ConnectTimeout { get; init; }

    /// <inheritdoc cref="MonitorOptions.Timeout"/>
    public TimeSpan Timeout { get; init; }

    /// <inheritdoc cref="MonitorOptions.Fall"/>
    public int Fall { get; init; }

    /// <inheritdoc cref="MonitorOptions.Rise"/>
    public int Rise { get; init; }
}
