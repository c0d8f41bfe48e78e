namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>A stream of a request that counts what passes: read is from the client, written is to it.</summary>
/// <remarks>
/// With inline completions a fast server and a fast client would keep a polling thread to themselves as long as a large body
/// lasts, since each read finds something and each write finds room. So after each <see cref="Turn"/> the transfer moves to
/// the thread pool, and the polling thread is there for others.
/// </remarks>
internal class CountedStream(Stream inner, Exchange exchange) : WrappedStream(inner)
{
    private const int Turn = 256 << 10;

    private int _turn;

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken);
        exchange.Received(count);
        if (IsTurnOver(count))
            await Task.Yield();
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        exchange.Sent(buffer.Length);
        return IsTurnOver(buffer.Length) ? YieldAndWriteAsync(buffer, cancellationToken) : Inner.WriteAsync(buffer, cancellationToken);
    }

    private async ValueTask YieldAndWriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken)
    {
        await Task.Yield();
        await Inner.WriteAsync(buffer, cancellationToken);
    }

    private bool IsTurnOver(int count)
    {
        _turn += count;
        if (_turn < Turn)
            return false;
        _turn = 0;
        return true;
    }
}
