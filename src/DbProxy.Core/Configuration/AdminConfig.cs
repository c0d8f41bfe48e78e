using System.Text.Json;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Core.Configuration;

/// <summary>The HTTP listener for operators; see <see cref="AdminOptions"/>.</summary>
public sealed record AdminConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    /// <param name="options">What was configured.</param>
    /// <param name="listen">The address; null: no such listener.</param>
    /// <param name="password">The password, from wherever the options say; null: none.</param>
    /// <param name="tls">TLS; null: none.</param>
    public AdminConfig(AdminOptions options, HostPort? listen, Secret? password, FrontendTls? tls)
    {
        ArgumentNullException.ThrowIfNull(options);
        (Listen, User, Password, ReadsNeedPassword, Tls) = (listen, options.User, password, options.ReadsNeedPassword, tls);
        TlsSource = JsonSerializer.Serialize(options.Tls);
    }

    /// <summary>The address; null: no such listener.</summary>
    public HostPort? Listen { get; init; }

    /// <inheritdoc cref="AdminOptions.User"/>
    public string User { get; init; }

    /// <summary>The password for actions; null: there are none.</summary>
    public Secret? Password { get; init; }

    /// <inheritdoc cref="AdminOptions.ReadsNeedPassword"/>
    public bool ReadsNeedPassword { get; init; }

    /// <summary>TLS of the listener; null: none.</summary>
    public FrontendTls? Tls { get; init; }

    /// <summary>What <see cref="Tls"/> was made from, to see whether it changed.</summary>
    internal string TlsSource { get; init; }

    /// <summary>Whether both say the same.</summary>
    internal bool IsSame(AdminConfig other) => this with { Tls = other.Tls } == other;
}
