namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>A stream that keeps nothing back. Closing is for its owner.</summary>
internal sealed class FlushedStream(Stream inner) : WrappedStream(inner)
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Inner.WriteAsync(buffer, cancellationToken);
        await Inner.FlushAsync(cancellationToken);
    }

    public override ValueTask DisposeAsync() => default;

    protected override void Dispose(bool disposing)
    {
    }
}
