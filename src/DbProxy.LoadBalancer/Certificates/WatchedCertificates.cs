namespace DbProxy.LoadBalancer.Certificates;

/// <summary>A certificate in use, and until when.</summary>
/// <param name="Side">Where it is shown: "clients" or "servers" of the MySQL proxy, a frontend or a backend.</param>
/// <param name="Source">A file, "self-signed", or the server that showed it.</param>
/// <param name="Subject">Its subject.</param>
/// <param name="NotAfter">When it expires.</param>
public sealed record CertificateInUse(string Side, string Source, string Subject, DateTimeOffset NotAfter);

/// <summary>Certificates that are made of files, which may change at any time.</summary>
public interface IWatchedCertificates
{
    /// <summary>Those in use now.</summary>
    IEnumerable<CertificateInUse> InUse { get; }

    /// <summary>Looks at the files. One call at a time.</summary>
    FileChanges Refresh();
}
