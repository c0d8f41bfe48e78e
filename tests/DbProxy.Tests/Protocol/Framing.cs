using DbProxy.Protocol;

namespace DbProxy.Tests.Protocol;

/// <summary>Cuts written bytes into packets.</summary>
internal static class Framing
{
    public static List<(byte Sequence, byte[] Payload)> Split(ReadOnlySpan<byte> bytes)
    {
        var packets = new List<(byte, byte[])>();
        while (!bytes.IsEmpty)
        {
            var length = PacketHeader.ReadLength(bytes);
            packets.Add((PacketHeader.ReadSequence(bytes), bytes.Slice(PacketHeader.Size, length).ToArray()));
            bytes = bytes[(PacketHeader.Size + length)..];
        }
        return packets;
    }

    /// <summary>The payload of the only packet that an action writes.</summary>
    public static byte[] Payload(Action<PacketWriter> write)
    {
        using var writer = new PacketWriter();
        write(writer);
        return Split(writer.WrittenSpan).Single().Payload;
    }
}
