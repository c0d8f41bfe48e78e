using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>The client's answer to the greeting (HandshakeResponse41).</summary>
public sealed record HandshakeResponse
{
    /// <summary>What the client wants; it decides which of the fields below exist on the wire.</summary>
    public required Capabilities Capabilities { get; init; }

    /// <summary>The client's largest packet in bytes.</summary>
    public uint MaxPacketSize { get; init; } = 1 << 30;

    /// <summary>The connection's collation; its low byte, that is.</summary>
    public byte CollationId { get; init; }

    /// <summary>The user's name in the client's character set.</summary>
    public required ReadOnlyMemory<byte> User { get; init; }

    /// <summary>The plugin's first answer to the nonce; empty for an empty password.</summary>
    public ReadOnlyMemory<byte> AuthResponse { get; init; }

    /// <summary>The schema to start in; empty for none.</summary>
    public ReadOnlyMemory<byte> Schema { get; init; }

    /// <summary>The plugin that made <see cref="AuthResponse"/>; empty where the client didn't say.</summary>
    public string AuthPlugin { get; init; } = "";

    /// <summary>What the client says about itself.</summary>
    public ConnectionAttributes Attributes { get; init; }

    /// <summary>zstd level, 1 to 22; only with <see cref="Capabilities.ZstdCompression"/>.</summary>
    public byte ZstdLevel { get; init; }

    /// <summary>Parses a full response (not an <see cref="SslRequest"/>).</summary>
    /// <exception cref="MalformedPacketException">Cut off, or of a client older than protocol 4.1.</exception>
    public static HandshakeResponse Parse(ReadOnlySpan<byte> payload)
    {
        if (payload.Length < 2 || !((Capabilities)(payload[0] | payload[1] << 8)).HasFlag(Capabilities.Protocol41))
        {
            MalformedPacketException.Throw("The client doesn't speak protocol 4.1.");
        }
        var reader = new PacketReader(payload);
        var head = SslRequest.ReadHead(ref reader);
        var capabilities = head.Capabilities;
        var user = reader.ReadNullTerminated().ToArray();
        var authResponse = ReadAuthResponse(ref reader, capabilities);
        // Clients exist that set these flags and leave the field out.
        var schema = capabilities.HasFlag(Capabilities.ConnectWithDb) ? reader.ReadNullTerminatedOrRest().ToArray() : [];
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth)
            ? Encoding.UTF8.GetString(reader.ReadNullTerminatedOrRest())
            : "";
        var attributes = capabilities.HasFlag(Capabilities.ConnectAttributes)
            ? ConnectionAttributes.Read(ref reader)
            : default;
        byte zstdLevel = 0;
        if (capabilities.HasFlag(Capabilities.ZstdCompression))
        {
            reader.TryReadByte(out zstdLevel);
        }
        return new HandshakeResponse
        {
            Capabilities = capabilities, MaxPacketSize = head.MaxPacketSize, CollationId = head.CollationId, User = user,
            AuthResponse = authResponse.ToArray(), Schema = schema, AuthPlugin = plugin, Attributes = attributes,
            ZstdLevel = zstdLevel,
        };
    }

    /// <summary>Writes the response as one packet.</summary>
    /// <exception cref="InvalidOperationException">The authentication response is too long for one length byte.</exception>
    public void Write(PacketWriter writer, byte sequence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        new SslRequest(Capabilities, MaxPacketSize, CollationId).WriteHead(writer);
        writer.WriteNullTerminated(User.Span);
        WriteAuthResponse(writer);
        if (Capabilities.HasFlag(Capabilities.ConnectWithDb))
        {
            writer.WriteNullTerminated(Schema.Span);
        }
        if (Capabilities.HasFlag(Capabilities.PluginAuth))
        {
            writer.WriteNullTerminated(Encoding.UTF8.GetBytes(AuthPlugin));
        }
        if (Capabilities.HasFlag(Capabilities.ConnectAttributes))
        {
            writer.WriteLengthEncodedBytes(Attributes.Encoded.Span);
        }
        if (Capabilities.HasFlag(Capabilities.ZstdCompression))
        {
            writer.WriteByte(ZstdLevel);
        }
        writer.End();
    }

    private static ReadOnlySpan<byte> ReadAuthResponse(ref PacketReader reader, Capabilities capabilities)
    {
        if (capabilities.HasFlag(Capabilities.PluginAuthLenencData))
        {
            return reader.ReadLengthEncodedBytes();
        }
        return capabilities.HasFlag(Capabilities.SecureConnection)
            ? reader.ReadBytes(reader.ReadByte())
            : reader.ReadNullTerminatedOrRest();
    }

    private void WriteAuthResponse(PacketWriter writer)
    {
        if (Capabilities.HasFlag(Capabilities.PluginAuthLenencData))
        {
            writer.WriteLengthEncodedBytes(AuthResponse.Span);
        }
        else if (Capabilities.HasFlag(Capabilities.SecureConnection))
        {
            ChangeUser.WriteShortBytes(writer, AuthResponse.Span);
        }
        else
        {
            writer.WriteNullTerminated(AuthResponse.Span);
        }
    }
}
