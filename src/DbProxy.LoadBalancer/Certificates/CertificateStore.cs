using System.Collections.Immutable;
using System.Net.Security;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;
using DbProxy.LoadBalancer.Frontends;
using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>
/// TLS of a frontend: which certificate a client is shown, and which are accepted of it, as the files are now. A changed
/// file counts for connections that come later; one that can't be used doesn't, and the old stays.
/// </summary>
public sealed class CertificateStore : IAsyncDisposable
{
    private static readonly TimeSpan LookInterval = TimeSpan.FromSeconds(1);

    private readonly FrontendTls _tls;
    private readonly ILogger _logger;
    private readonly TimeProvider _time;
    private readonly ImmutableArray<WatchedFiles<OwnCertificate>> _files;
    private readonly WatchedFiles<X509Certificate2Collection>? _authorities;
    private readonly CipherSuitesPolicy? _ciphers;
    private readonly SslProtocols _versions;
    private readonly CancellationTokenSource _stopping = new();
    private CertificateSet _current;
    private Task _watching = Task.CompletedTask;

    /// <summary>Reads all files.</summary>
    /// <exception cref="System.Security.Cryptography.CryptographicException">A file is not what it should be.</exception>
    /// <exception cref="IOException">A file cannot be read.</exception>
    /// <exception cref="ArgumentException">A cipher suite's name is unknown, or a file holds no certificate.</exception>
    public CertificateStore(FrontendTls tls, ILogger logger, TimeProvider time)
    {
        ArgumentNullException.ThrowIfNull(tls);
        ArgumentNullException.ThrowIfNull(time);
        (_tls, _logger, _time) = (tls, logger, time);
        _files = [.. tls.Certificates.Select(Watch)];
        _authorities = tls.ClientCaFile is { } file ? new([file], () => ReadAuthorities(file)) : null;
        (_ciphers, _versions) = CipherSuiteNames.ToPolicy(tls.CipherSuites, tls.MinVersion);
        _current = new(_files.IsEmpty ? [OwnCertificate.CreateSelfSigned(time.GetUtcNow())] : [.. _files.Select(f => f.Current)]);
    }

    /// <summary>The certificates in use: from where, whose, and until when they are good.</summary>
    public IEnumerable<(string Source, string Subject, DateTimeOffset NotAfter)> InUse =>
        Volatile.Read(ref _current).All.Select(c => (c.Source, c.Certificate.Subject, new DateTimeOffset(c.Certificate.NotAfter)));

    /// <summary>The server's side of TLS for a client that asks for a name; null: it asks for none. A new object each time,
    /// to which the caller may add what its protocol needs.</summary>
    public SslServerAuthenticationOptions For(string? serverName)
    {
        var asked = _tls.ClientCertificates != ClientCertificateMode.None;
        return new()
        {
            ServerCertificateContext = Volatile.Read(ref _current).For(serverName).Context,
            EnabledSslProtocols = _versions,
            CipherSuitesPolicy = _ciphers,
            ClientCertificateRequired = asked,
            RemoteCertificateValidationCallback = asked ? Accepts : null,
            CertificateRevocationCheckMode = X509RevocationMode.NoCheck,
            // A resumed session would bring the verdict of another time.
            AllowTlsResume = !asked,
        };
    }

    /// <summary>Starts to look at the files once a second.</summary>
    public void Watch() => _watching = Task.Run(WatchAsync);

    /// <summary>Looks at the files now.</summary>
    public void Refresh()
    {
        var changed = false;
        for (var i = 0; i < _files.Length; i++)
            changed |= Look(_files[i], _tls.Certificates[i].CertificateFile);
        if (_authorities is not null)
            Look(_authorities, _tls.ClientCaFile!);
        if (changed)
            Volatile.Write(ref _current, new([.. _files.Select(f => f.Current)]));
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        await _watching;
        _stopping.Dispose();
    }

    private async Task WatchAsync()
    {
        while (true)
        {
            await Task.Delay(LookInterval, _time, _stopping.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            if (_stopping.IsCancellationRequested)
                return;
            Refresh();
        }
    }

    private bool Look<T>(WatchedFiles<T> files, string name) where T : class
    {
        var changed = files.Refresh(out var problem);
        if (changed)
            CertificateLog.Renewed(_logger, name);
        if (problem is not null)
            CertificateLog.Broken(_logger, problem);
        return changed;
    }

    private bool Accepts(object sender, X509Certificate? certificate, X509Chain? chain, SslPolicyErrors errors) => certificate is null
        ? _tls.ClientCertificates == ClientCertificateMode.Optional
        : ChainCheck.Accepts(certificate, chain, _authorities?.Current, isClient: true);

    private static WatchedFiles<OwnCertificate> Watch(CertificateFiles files) => new(
        files.KeyFile is { } key ? [files.CertificateFile, key] : [files.CertificateFile],
        () => OwnCertificate.Load(files.CertificateFile, files.KeyFile));

    private static X509Certificate2Collection ReadAuthorities(string file)
    {
        var authorities = new X509Certificate2Collection();
        authorities.ImportFromPemFile(file);
        return authorities.Count > 0 ? authorities : throw new ArgumentException($"{file} holds no certificate in PEM form.");
    }
}
