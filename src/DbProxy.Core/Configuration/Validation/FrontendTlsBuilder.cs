using System.Security.Authentication;
using System.Security.Cryptography;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.LoadBalancer.Frontends;
using ClientCertificates = DbProxy.LoadBalancer.Frontends.ClientCertificateMode;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>TLS of a frontend: files readable and matching, suites known.</summary>
internal static class FrontendTlsBuilder
{
    public static FrontendTls Build(MistakeList mistakes, string path, FrontendTlsOptions options)
    {
        for (var i = 0; i < options.Certificates.Count; i++)
            if (options.Certificates[i].CertificateFile is null)
                mistakes.Add($"{path}.Certificates[{i}].CertificateFile", "missing; write the PEM file of the certificate");
        var tls = new FrontendTls
        {
            Certificates = [.. options.Certificates.Where(c => c.CertificateFile is not null).Select(c => new CertificateFiles(c.CertificateFile!, c.KeyFile))],
            MinVersion = options.MinVersion == TlsVersion.Tls13 ? SslProtocols.Tls13 : SslProtocols.Tls12,
            CipherSuites = [.. options.CipherSuites],
            ClientCertificates = options.ClientCertificates switch
            {
                ClientCertificateMode.Request => ClientCertificates.Optional,
                ClientCertificateMode.Require => ClientCertificates.Required,
                _ => ClientCertificates.None,
            },
            ClientCaFile = options.ClientCaFile,
        };
        if (!TlsCheck.AuthoritiesOf($"{path}.ClientCaFile", options.ClientCaFile, mistakes))
            return tls;
        try
        {
            // What it can't read now it could not read at start either: say so while it can still be mended.
            using var store = new FrontendTlsStore(tls, "", TimeProvider.System);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or CryptographicException or ArgumentException)
        {
            mistakes.Add(path, e.Message);
        }
        return tls;
    }
}
