using System.Collections.Immutable;
using System.Security.Cryptography;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Limits;
using DbProxy.LoadBalancer.Reloading;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.Frontends;

/// <summary>What of a frontend's former configuration goes on under its next one.</summary>
internal static class FrontendReload
{
    /// <summary>The next rules, where a former one says the same that one, with its count.</summary>
    public static ImmutableArray<AccessRule> Keep(ImmutableArray<AccessRule> former, ImmutableArray<AccessRule> next) =>
        [.. next.Select(n => former.FirstOrDefault(f => f.Name == n.Name && f.Action == n.Action && Structure.Same(f.Match, n.Match)) ?? n)];

    /// <summary>The former rate with what it counted, where the limit is the same.</summary>
    public static SourceRate? Keep(SourceRate? former, RateLimitConfig? next) =>
        next == former?.Config ? former : next is null ? null : new(next);

    /// <summary>The former certificates where nothing changed but perhaps the files, which are watched.</summary>
    /// <exception cref="BalancerException">A file can't be read or used.</exception>
    public static FrontendTlsStore? Keep(FrontendTlsStore? former, FrontendTls? before, FrontendConfig next, TimeProvider time)
    {
        if (next.Tls is not { } tls)
            return null;
        if (former is not null && Structure.Same(before, tls))
            return former;
        try
        {
            return new(tls, $"frontend {next.Name}", time);
        }
        catch (Exception e) when (e is CryptographicException or IOException or UnauthorizedAccessException or ArgumentException)
        {
            throw new BalancerException($"frontend {next.Name}: {e.Message}", e);
        }
    }
}
