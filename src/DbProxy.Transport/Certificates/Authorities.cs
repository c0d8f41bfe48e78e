using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.Transport.Certificates;

/// <summary>Authorities whose certificates are trusted.</summary>
public static class Authorities
{
    /// <summary>Reads a PEM file.</summary>
    /// <exception cref="CryptographicException">It holds no certificate, or one that can't be read.</exception>
    /// <exception cref="IOException">The file can't be read.</exception>
    public static X509Certificate2Collection Read(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new CryptographicException("it holds no certificate in PEM form");
    }

    /// <summary>The authorities of a file that may change; null for none.</summary>
    [return: NotNullIfNotNull(nameof(file))]
    public static WatchedFiles<X509Certificate2Collection>? Watch(string? file) => file is null ? null : new([file], () => Read(file));
}
