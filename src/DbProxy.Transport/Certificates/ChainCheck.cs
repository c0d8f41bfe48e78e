using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.Transport.Certificates;

/// <summary>Whether a peer's certificate leads to an authority that is trusted.</summary>
public static class ChainCheck
{
    private static readonly Oid ServerAuthentication = new("1.3.6.1.5.5.7.3.1");
    private static readonly Oid ClientAuthentication = new("1.3.6.1.5.5.7.3.2");

    /// <summary>Whether it does.</summary>
    /// <param name="certificate">The peer's certificate.</param>
    /// <param name="sent">What TLS made of it: its store has the intermediate certificates that the peer sent along.</param>
    /// <param name="authorities">Who is trusted; null: whom the system trusts.</param>
    /// <param name="isClient">The purpose that the certificate must be good for, where it is limited to any.</param>
    public static bool Accepts(X509Certificate? certificate, X509Chain? sent, X509Certificate2Collection? authorities, bool isClient)
    {
        if (certificate is not X509Certificate2 leaf)
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        chain.ChainPolicy.ApplicationPolicy.Add(isClient ? ClientAuthentication : ServerAuthentication);
        if (sent is not null)
        {
            chain.ChainPolicy.ExtraStore.AddRange(sent.ChainPolicy.ExtraStore);
        }

        if (authorities is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return chain.Build(leaf);
    }
}
