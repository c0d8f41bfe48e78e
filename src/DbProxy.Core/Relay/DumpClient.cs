using DbProxy.Core.Channels;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Transport;

namespace DbProxy.Core.Relay;

/// <summary>
/// The client of a stream of the binary log. The stream has no end of its own: where it stops because of its server or of
/// the proxy, the client is told so by an error packet, if the last event is whole.
/// </summary>
/// <param name="client">The client's channel, which stays the session's.</param>
/// <param name="capabilities">The client's.</param>
internal sealed class DumpClient(ByteChannel client, Capabilities capabilities) : ByteChannel
{
    private PacketBoundary _boundary;

    /// <summary>Why the stream ends, should it end now.</summary>
    public required string Why { get; set; }

    public override bool HasInput => client.HasInput;

    public override bool IsSecure => client.IsSecure;

    public override bool NumbersPackets => client.NumbersPackets;

    public override bool WasBroken => client.WasBroken;

    public override ValueTask<int> ReceiveAsync(Memory<byte> buffer) => client.ReceiveAsync(buffer);

    public override ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        _boundary.Follow(bytes.Span);
        return client.SendAsync(bytes);
    }

    /// <summary>The server has nothing more to say.</summary>
    public override async ValueTask CloseSendingAsync()
    {
        if (_boundary.IsReached && _boundary.Marker is not (ErrPacket.Header or EofPacket.Header))
        {
            // Who copies from a source takes this error for one that is away and comes again; after another it stays stopped.
            using var writer = new PacketWriter();
            new ErrPacket(MySqlErrors.ServerShutdown, $"The stream of the binary log has ended: {Why}. Connect again.").Write(writer, _boundary.NextSequence, capabilities);
            await client.SendAsync(writer.WrittenMemory);
        }

        await client.CloseSendingAsync();
    }

    public override void Abort() => client.Abort();

    public override void Dispose()
    {
    }
}
