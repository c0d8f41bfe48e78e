namespace DbProxy.Protocol.Packets;

/// <summary>The client's request for TLS: the first 32 bytes of a handshake response.</summary>
/// <remarks>
/// The TLS ClientHello may follow in the same TCP segment: read this packet with its exact size, or the ClientHello is
/// swallowed.
/// </remarks>
/// <param name="Capabilities">What the client asks for, including <see cref="Capabilities.Ssl"/>.</param>
/// <param name="MaxPacketSize">The client's largest packet in bytes.</param>
/// <param name="CollationId">The collation's low byte.</param>
public readonly record struct SslRequest(Capabilities Capabilities, uint MaxPacketSize, byte CollationId)
{
    /// <summary>The payload's exact length in bytes.</summary>
    public const int Length = 32;

    /// <summary>Is it an SSLRequest, not a full handshake response?</summary>
    public static bool Is(ReadOnlySpan<byte> payload) =>
        payload.Length == Length && ((Capabilities)(payload[0] | payload[1] << 8)).HasFlag(Capabilities.Ssl);

    /// <summary>Parses an SSLRequest.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static SslRequest Parse(ReadOnlySpan<byte> payload)
    {
        if (!Is(payload))
        {
            MalformedPacketException.Throw("Not an SSLRequest.");
        }
        var reader = new PacketReader(payload);
        return ReadHead(ref reader);
    }

    /// <summary>Writes the request as one packet.</summary>
    public void Write(PacketWriter writer, byte sequence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        WriteHead(writer);
        writer.End();
    }

    // Shared with HandshakeResponse, which begins with the same 32 bytes.
    internal static SslRequest ReadHead(ref PacketReader reader)
    {
        var capabilities = (Capabilities)reader.ReadUInt32();
        var maxPacketSize = reader.ReadUInt32();
        var collation = reader.ReadByte();
        reader.Skip(19);
        var extended = reader.ReadUInt32();
        if (!capabilities.HasFlag(Capabilities.LongPassword))
        {
            capabilities |= (Capabilities)((ulong)extended << 32);
        }
        return new SslRequest(capabilities, maxPacketSize, collation);
    }

    internal void WriteHead(PacketWriter writer)
    {
        writer.WriteUInt32((uint)Capabilities);
        writer.WriteUInt32(MaxPacketSize);
        writer.WriteByte(CollationId);
        writer.WriteZeros(19);
        writer.WriteUInt32(Capabilities.HasFlag(Capabilities.LongPassword) ? 0 : (uint)((ulong)Capabilities >> 32));
    }
}
