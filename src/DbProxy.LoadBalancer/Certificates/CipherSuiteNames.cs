using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Cipher suites by OpenSSL's names (as in HAProxy's and nginx's configurations) or IANA's.</summary>
internal static class CipherSuiteNames
{
    /// <summary>The suites (null: the system's) and the versions of TLS that are left with them: .NET refuses a handshake
    /// where a version is allowed without a suite for it.</summary>
    /// <exception cref="ArgumentException">A name is unknown, or no version is left.</exception>
    /// <exception cref="PlatformNotSupportedException">Windows chooses cipher suites for all programs alike.</exception>
    public static (CipherSuitesPolicy? Policy, SslProtocols Versions) ToPolicy(ImmutableArray<string> names, SslProtocols oldest)
    {
        var versions = oldest == SslProtocols.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12 | SslProtocols.Tls13;
        if (names.IsEmpty)
            return (null, versions);
        if (OperatingSystem.IsWindows())
            throw new PlatformNotSupportedException("Cipher suites can't be chosen on Windows.");
        var suites = names.Select(Parse).ToList();
        if (!suites.Any(IsOfTls13))
            versions &= ~SslProtocols.Tls13;
        if (suites.All(IsOfTls13))
            versions &= ~SslProtocols.Tls12;
        if (versions == SslProtocols.None)
            throw new ArgumentException("TLS 1.3 is asked for, but none of its cipher suites (TLS_AES_128_GCM_SHA256, …) is allowed.", nameof(names));
        return (new(suites), versions);
    }

    /// <summary>The suite of a name.</summary>
    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static TlsCipherSuite Parse(string name) =>
        Enum.TryParse<TlsCipherSuite>(name.StartsWith("TLS_", StringComparison.Ordinal) ? name : ToIana(name), out var suite) && Enum.IsDefined(suite) ? suite
        : throw new ArgumentException($"'{name}' is no cipher suite that is known here; `openssl ciphers -v` lists names.", nameof(name));

    // RFC 8446 B.4 has them all behind 0x13.
    private static bool IsOfTls13(TlsCipherSuite suite) => (int)suite >> 8 == 0x13;

    /// <summary>ECDHE-RSA-AES128-GCM-SHA256 is TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256 with IANA; suites without an exchange in their
    /// name use RSA for it, and those without a mode CBC.</summary>
    private static string ToIana(string name)
    {
        List<string> exchange = [], cipher = [];
        foreach (var part in name.Split('-'))
            (cipher.Count == 0 && part is "ECDHE" or "DHE" or "RSA" or "ECDSA" or "PSK" ? exchange : cipher).AddRange(part switch
            {
                "AES128" => ["AES", "128"],
                "AES256" => ["AES", "256"],
                _ => [part],
            });
        if (exchange.Count == 0)
            exchange.Add("RSA");
        if (cipher is ["AES", _, "SHA" or "SHA256" or "SHA384"])
            cipher.Insert(2, "CBC");
        // OpenSSL leaves out what is the only choice.
        if (cipher is ["CHACHA20", "POLY1305"])
            cipher.Add("SHA256");
        return $"TLS_{string.Join('_', exchange)}_WITH_{string.Join('_', cipher)}";
    }
}
