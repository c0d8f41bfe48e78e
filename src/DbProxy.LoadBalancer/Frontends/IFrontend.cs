using System.Net;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Reloading;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>A frontend that runs, in either mode.</summary>
public interface IFrontend : IAsyncDisposable
{
    /// <summary>Its configuration.</summary>
    FrontendConfig Config { get; }

    /// <summary>What it did.</summary>
    FrontendCounters Counters { get; }

    /// <summary>Where it listens, with the ports that the system chose.</summary>
    IEnumerable<IPEndPoint> EndPoints { get; }

    /// <summary>The certificates in use: from where, whose, and until when they are good; empty without TLS.</summary>
    IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> Certificates { get; }

    /// <summary>The clients that are there.</summary>
    IEnumerable<FrontendSession> Sessions { get; }

    /// <summary>Cuts a client; false: there is none of this id.</summary>
    bool Close(long session);

    /// <summary>Opens its listeners; it accepts when the change is made.</summary>
    /// <exception cref="BalancerException">An address can't be listened on.</exception>
    Task<IPreparedChange> PrepareStartAsync();

    /// <summary>Opens what another configuration of the same name and mode needs. When the change is made, it counts for
    /// whatever comes from then on; connections stay.</summary>
    /// <param name="config">The configuration.</param>
    /// <param name="backends">The backends by name.</param>
    /// <exception cref="BalancerException">An address can't be listened on, or a certificate can't be used.</exception>
    Task<IPreparedChange> PrepareAsync(FrontendConfig config, IReadOnlyDictionary<string, Backend> backends);

    /// <summary>Goes on serving, but asks clients, where the protocol can, to come on another connection with their next request.</summary>
    void LeaveRotation();

    /// <summary>Accepts nobody any more; connections go on.</summary>
    ValueTask StopAcceptingAsync();

    /// <summary>Accepts nobody any more and waits for those that are there, at the longest until <paramref name="limit"/>; then
    /// they are cut.</summary>
    Task DrainAsync(CancellationToken limit);
}
