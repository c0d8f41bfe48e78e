using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Certificates: both files given, readable, matching.</summary>
internal static class TlsCheck
{
    public static void Run(ProxyOptions options, MistakeList mistakes)
    {
        ClientSide(options.ClientTls, mistakes);
        if (options.ServerTls.CaFile is not { } ca) return;
        if (options.ServerTls.Mode < ServerTlsMode.VerifyCa)
            mistakes.Add("ServerTls.CaFile", $"mode {options.ServerTls.Mode} checks no certificate; set ServerTls.Mode to VerifyCa or VerifyFull, or leave CaFile out");
        TryLoad("ServerTls.CaFile", ca, mistakes, () =>
        {
            var authorities = new X509Certificate2Collection();
            authorities.ImportFromPemFile(ca);
            if (authorities.Count == 0) mistakes.Add("ServerTls.CaFile", $"{ca} holds no certificate in PEM form");
        });
    }

    private static void ClientSide(ClientTlsOptions tls, MistakeList mistakes)
    {
        if (tls is { CertificateFile: not null, KeyFile: null })
            mistakes.Add("ClientTls.KeyFile", "missing; CertificateFile needs the file of its private key");
        else if (tls is { CertificateFile: null, KeyFile: not null })
            mistakes.Add("ClientTls.CertificateFile", "missing; KeyFile needs the file of its certificate");
        if (tls is not { CertificateFile: { } certificate, KeyFile: { } key }) return;
        if (!TryLoad("ClientTls.KeyFile", key, mistakes, () => File.OpenRead(key).Dispose())) return;
        TryLoad("ClientTls.CertificateFile", certificate, mistakes,
            () => X509Certificate2.CreateFromPemFile(certificate, key).Dispose());
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
