namespace DbProxy.LoadBalancer.HttpMode.Requests;

/// <summary>A stream of a request that counts what passes: read is from the client, written is to it.</summary>
internal class CountedStream(Stream inner, Exchange exchange) : WrappedStream(inner)
{
    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var count = await Inner.ReadAsync(buffer, cancellationToken);
        exchange.Received(count);
        return count;
    }

    public override ValueTask WriteAsync(ReadOnlyMemory<byte> buffer, CancellationToken cancellationToken = default)
    {
        exchange.Sent(buffer.Length);
        return Inner.WriteAsync(buffer, cancellationToken);
    }
}
