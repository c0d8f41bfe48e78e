namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>
/// Compressing is CPU work, and what comes from a server may be handed over on the runtime's polling thread (inline
/// completions): each write moves to the thread pool first, or all other connections would wait for it.
/// </summary>
internal sealed class OffLoopStream(Stream compressing) : WrappedStream(compressing)
{
    public override async ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        await Task.Yield();
        await Inner.WriteAsync(buffer, cancellationToken);
    }
}
