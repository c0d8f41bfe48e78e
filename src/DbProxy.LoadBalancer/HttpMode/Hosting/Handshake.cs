using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>
/// A connection's TLS handshake. Until it is done the connection goes on in the thread pool with whatever arrives: a handshake
/// is a millisecond's CPU work, with a client's certificate also a look at its chain, for which all other connections of the
/// polling thread would wait.
/// </summary>
internal sealed class Handshake : PipeReader, IDuplexPipe
{
    private readonly IDuplexPipe _transport;

    private Handshake(IDuplexPipe transport) => _transport = transport;

    /// <summary>Whether it succeeded.</summary>
    public bool IsDone { get; private set; }

    public PipeReader Input => this;

    public PipeWriter Output => _transport.Output;

    /// <summary>Stands before TLS.</summary>
    public static Task BeginAsync(ConnectionContext connection, ConnectionDelegate tls)
    {
        var handshake = new Handshake(connection.Transport);
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
        IsDone ? _transport.Input.ReadAsync(cancellationToken) : ReadAndHopAsync(cancellationToken);

    public override bool TryRead(out ReadResult result) => _transport.Input.TryRead(out result);

    public override void AdvanceTo(SequencePosition consumed) => _transport.Input.AdvanceTo(consumed);

    public override void AdvanceTo(SequencePosition consumed, SequencePosition examined) => _transport.Input.AdvanceTo(consumed, examined);

    public override void CancelPendingRead() => _transport.Input.CancelPendingRead();

    public override void Complete(Exception? exception = null) => _transport.Input.Complete(exception);

    private async ValueTask<ReadResult> ReadAndHopAsync(CancellationToken cancellationToken)
    {
        var result = await _transport.Input.ReadAsync(cancellationToken);
        await Task.Yield();
        return result;
    }
}
