using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Certificates: both files given, readable, matching.</summary>
internal static class TlsCheck
{
    public static void Run(ProxyOptions options, MistakeList mistakes)
    {
        var (clients, servers) = (options.ClientTls, options.ServerTls);
        Pair("ClientTls", clients.CertificateFile, clients.KeyFile, mistakes);
        Pair("ServerTls", servers.CertificateFile, servers.KeyFile, mistakes);
        AuthoritiesOf("ClientTls.CaFile", clients.CaFile, mistakes);
        AuthoritiesOf("ServerTls.CaFile", servers.CaFile, mistakes);
        ClientCertificates(clients, mistakes);
        if (servers is { CaFile: not null, Mode: < ServerTlsMode.VerifyCa })
            mistakes.Add("ServerTls.CaFile", $"mode {options.ServerTls.Mode} checks no certificate; set ServerTls.Mode to VerifyCa or VerifyFull, or leave CaFile out");
    }

    private static void ClientCertificates(ClientTlsOptions tls, MistakeList mistakes)
    {
        if (tls is { ClientCertificates: not ClientCertificateMode.None, CaFile: null })
            mistakes.Add("ClientTls.CaFile", "missing; name the authorities whose certificates clients may show");
        else if (tls is { ClientCertificates: ClientCertificateMode.None, CaFile: not null })
            mistakes.Add("ClientTls.CaFile", "clients are not asked for certificates; set ClientTls.ClientCertificates to Request or Require, or leave CaFile out");
        if (tls is { ClientCertificates: ClientCertificateMode.Require, Mode: not ClientTlsMode.Required })
            mistakes.Add("ClientTls.ClientCertificates", "a client without TLS has no certificate; set ClientTls.Mode to Required, or this to Request");
    }

    /// <summary>Whether a file of authorities, if there is one, can be used.</summary>
    public static bool AuthoritiesOf(string path, string? file, MistakeList mistakes) =>
        file is null || TryLoad(path, file, mistakes, () => Authorities.Read(file));

    private static void Pair(string section, string? certificate, string? key, MistakeList mistakes)
    {
        if (certificate is not null && key is null)
            mistakes.Add($"{section}.KeyFile", "missing; CertificateFile needs the file of its private key");
        else if (certificate is null && key is not null)
            mistakes.Add($"{section}.CertificateFile", "missing; KeyFile needs the file of its certificate");
        if (certificate is null || key is null) return;
        if (!TryLoad($"{section}.KeyFile", key, mistakes, () => File.OpenRead(key).Dispose())) return;
        TryLoad($"{section}.CertificateFile", certificate, mistakes, () => X509Certificate2.CreateFromPemFile(certificate, key).Dispose());
    }

    private static bool TryLoad(string path, string file, MistakeList mistakes, Action load)
    {
        try
        {
            load();
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            mistakes.Add(path, FileProblem.Describe(file, e));
        }
        // A key that belongs to another certificate is an ArgumentException.
        catch (Exception e) when (e is CryptographicException or ArgumentException)
        {
            mistakes.Add(path, $"{file} can't be used: {e.Message}");
        }
        return false;
    }
}
