using System.Collections.Immutable;
using System.Net.Security;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Cipher suites by OpenSSL's names (as in HAProxy's and nginx's configurations) or IANA's.</summary>
internal static class CipherSuiteNames
{
    /// <exception cref="ArgumentException">A name is unknown.</exception>
    /// <exception cref="PlatformNotSupportedException">Windows chooses cipher suites for all programs alike.</exception>
    public static CipherSuitesPolicy ToPolicy(ImmutableArray<string> names) =>
        OperatingSystem.IsWindows() ? throw new PlatformNotSupportedException("Cipher suites can't be chosen on Windows.") : new(names.Select(Parse));

    /// <exception cref="ArgumentException">The name is unknown.</exception>
    public static TlsCipherSuite Parse(string name) =>
        Enum.TryParse<TlsCipherSuite>(name, out var iana) && Enum.IsDefined(iana) ? iana
        : Enum.TryParse(ToIana(name), out iana) && Enum.IsDefined(iana) ? iana
        : throw new ArgumentException($"'{name}' is no cipher suite that is known here; `openssl ciphers -v` lists names.", nameof(name));

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
