using System.Security.Cryptography.X509Certificates;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Why a server's certificate is not accepted.</summary>
internal static class Mistrust
{
    /// <summary>In words for people; null: it is accepted.</summary>
    /// <param name="certificate">The server's.</param>
    /// <param name="sent">What TLS made of it.</param>
    /// <param name="authorities">Who is trusted; null: whom the system trusts.</param>
    /// <param name="host">The name that must be in it; null: any may be.</param>
    public static string? Of(X509Certificate? certificate, X509Chain? sent, X509Certificate2Collection? authorities, string? host)
    {
        if (certificate is not X509Certificate2 leaf)
            return "it shows no certificate";
        if (!ChainCheck.Accepts(leaf, sent, authorities, isClient: false))
            return leaf.NotAfter < DateTime.Now ? $"its certificate expired at {leaf.NotAfter.ToUniversalTime():u}" : "no known authority vouches for its certificate";
        return host is null || leaf.MatchesHostname(host) ? null : $"its certificate does not name {host}";
    }
}
