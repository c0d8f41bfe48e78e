namespace DbProxy.Transport;

/// <summary>
/// Two-way bytes to one peer. One receive and one send may be under way at a time. The implementations are
/// sockets, TLS, and compression over either; another engine (an epoll loop of our own) would be one more.
/// </summary>
public abstract class ByteChannel : IDisposable
{
    /// <summary>Receives at least one byte; 0 when the peer has closed its side or the channel was aborted.</summary>
    public abstract ValueTask<int> ReceiveAsync(Memory<byte> buffer);

    /// <summary>Sends all bytes; false when the peer is gone.</summary>
    public abstract ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes);

    /// <summary>Whether a receive would return at once: for an idle peer, that it closed or said something unasked.</summary>
    public abstract bool HasInput { get; }

    /// <summary>Whether a receive ended because the connection broke, not because the peer was done.</summary>
    public virtual bool WasBroken { get; protected set; }

    /// <summary>Whether the bytes are encrypted.</summary>
    public abstract bool IsSecure { get; }

    /// <summary>
    /// Whether the numbers in the packets' headers are the protocol's. Compression has numbers of its own, and peers that
    /// use it write into the packets what they please.
    /// </summary>
    public virtual bool NumbersPackets => true;

    /// <summary>What the peer did wrong on this layer when a receive gave 0; null: nothing, it is gone.</summary>
    public virtual string? Violation => null;

    /// <summary>
    /// Says that nothing more will be sent, while what the peer still sends can be received; where a channel can't say so,
    /// both directions end.
    /// </summary>
    public virtual ValueTask CloseSendingAsync()
    {
        Abort();
        return default;
    }

    /// <summary>Ends both directions now, from any thread; pending operations complete as if the peer were gone.</summary>
    public abstract void Abort();

    /// <inheritdoc/>
    public abstract void Dispose();
}
