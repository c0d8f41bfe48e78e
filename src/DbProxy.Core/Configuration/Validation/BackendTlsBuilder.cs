using System.Security.Authentication;
using System.Security.Cryptography;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>TLS of a backend: what is given is used, and the files are readable and match.</summary>
internal static class BackendTlsBuilder
{
    public static ServerTls? Build(MistakeList mistakes, string path, BackendTlsOptions options)
    {
        if (options is { KeyFile: not null, CertificateFile: null })
            mistakes.Add($"{path}.CertificateFile", "missing; KeyFile needs the file of its certificate");
        if (options is { Mode: BackendTlsMode.Disabled or BackendTlsMode.Required, CaFile: not null })
            mistakes.Add($"{path}.CaFile", $"mode {options.Mode} checks no certificate; set Mode to VerifyCa or VerifyFull, or leave CaFile out");
        if (options.Mode == BackendTlsMode.Disabled)
            return null;
        var tls = new ServerTls
        {
            Verify = options.Mode switch
            {
                BackendTlsMode.VerifyFull => ServerVerification.Identity,
                BackendTlsMode.VerifyCa => ServerVerification.Authority,
                _ => ServerVerification.None,
            },
            CaFile = options.CaFile,
            ServerName = options.ServerName,
            Certificate = options.CertificateFile is { } file ? new CertificateFiles(file, options.KeyFile) : null,
            MinVersion = options.MinVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12,
        };
        if (!TlsCheck.AuthoritiesOf($"{path}.CaFile", options.CaFile, mistakes))
            return tls;
        try
        {
            // What it can't read now it could not read at start either: say so while it can still be mended.
            using var store = new ServerTlsStore(tls, "");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            mistakes.Add(path, e.Message);
        }
        return tls;
    }
}
