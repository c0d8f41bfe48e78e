using System.Net;

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

    /// <summary>Starts to accept.</summary>
    /// <exception cref="IOException">An address is in use.</exception>
    Task StartAsync();

    /// <summary>Accepts nobody any more and waits for those that are there, at the longest until <paramref name="limit"/>; then
    /// they are cut.</summary>
    Task DrainAsync(CancellationToken limit);
}
