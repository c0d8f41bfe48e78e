using Microsoft.Extensions.Logging;

namespace DbProxy.LoadBalancer.Certificates;

/// <summary>Certificates of one frontend or backend; a changed file counts for connections that come later.</summary>
public abstract class TlsStore : IWatchedCertificates, IDisposable
{
    private CancellationTokenSource? _watching;

    /// <inheritdoc/>
    public abstract IEnumerable<CertificateInUse> InUse { get; }

    /// <inheritdoc/>
    public abstract FileChanges Refresh();

    /// <summary>Looks at the files once a second until it is disposed; without effect when it does so already.</summary>
    public void Watch(ILogger logger, TimeProvider time)
    {
        if (_watching is not null)
            return;
        var stopping = (_watching = new()).Token;
        _ = Task.Run(() => new CertificateWatch(this, time, logger).RunAsync(stopping), CancellationToken.None);
    }

    /// <summary>Looks no more. What is there can still be used.</summary>
    public void Dispose()
    {
        _watching?.Cancel();
        GC.SuppressFinalize(this);
    }
}
