using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration;

namespace DbProxy.Core.Backends;

/// <summary>How a server's certificate is judged, by TLS mode.</summary>
internal static class ServerCertificates
{
    public static SslClientAuthenticationOptions ClientOptions(string host, ServerTlsConfig tls)
    {
        var options = new SslClientAuthenticationOptions { TargetHost = host };
        if (tls.Mode is ServerTlsMode.Preferred or ServerTlsMode.Required)
        {
            // As every MySQL client in these modes: encrypted, but nobody vouches for the server.
            options.RemoteCertificateValidationCallback = static (_, _, _, _) => true;
            return options;
        }

        X509Certificate2Collection? authorities = null;
        if (tls.CaFile is { } file)
        {
            authorities = [];
            authorities.ImportFromPemFile(file);
        }

        bool checkName = tls.Mode == ServerTlsMode.VerifyFull;
        options.RemoteCertificateValidationCallback = (_, certificate, _, errors) => Accept(certificate, errors, authorities, checkName);
        return options;
    }

    private static bool Accept(X509Certificate? certificate, SslPolicyErrors errors, X509Certificate2Collection? authorities, bool checkName)
    {
        if (certificate is null || (checkName && errors.HasFlag(SslPolicyErrors.RemoteCertificateNameMismatch)))
        {
            return false;
        }

        using var chain = new X509Chain();
        chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        if (authorities is not null)
        {
            chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
            chain.ChainPolicy.CustomTrustStore.AddRange(authorities);
        }

        return chain.Build((X509Certificate2)certificate);
    }
}
