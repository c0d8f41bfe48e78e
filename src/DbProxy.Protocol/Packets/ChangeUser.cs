using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>COM_CHANGE_USER: logs in again on the same connection, which also clears the session.</summary>
public sealed record ChangeUser
{
    /// <summary>The user's name.</summary>
    public required ReadOnlyMemory<byte> User { get; init; }

    /// <summary>The plugin's answer to the last nonce that the server sent.</summary>
    public ReadOnlyMemory<byte> AuthResponse { get; init; }

    /// <summary>The schema; empty for none.</summary>
    public ReadOnlyMemory<byte> Schema { get; init; }

    /// <summary>The collation, 16 bits; 0 where the client left it out.</summary>
    public ushort CollationId { get; init; }

    /// <summary>The plugin that made <see cref="AuthResponse"/>; empty where the client didn't say.</summary>
    public string AuthPlugin { get; init; } = "";

    /// <summary>What the client says about itself.</summary>
    public ConnectionAttributes Attributes { get; init; }

    /// <summary>Parses the command, first byte included.</summary>
    /// <param name="payload">The packet without header.</param>
    /// <param name="capabilities">What the connection negotiated.</param>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static ChangeUser Parse(ReadOnlySpan<byte> payload, Capabilities capabilities)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() != (byte)CommandKind.ChangeUser)
        {
            MalformedPacketException.Throw("Not a COM_CHANGE_USER.");
        }
        var user = reader.ReadNullTerminated().ToArray();
        // One length byte even where the handshake's was length-encoded.
        var authResponse = capabilities.HasFlag(Capabilities.SecureConnection)
            ? reader.ReadBytes(reader.ReadByte())
            : reader.ReadNullTerminated();
        var schema = reader.ReadNullTerminatedOrRest().ToArray();
        reader.TryReadUInt16(out var collation);
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth)
            ? Encoding.UTF8.GetString(reader.ReadNullTerminatedOrRest())
            : "";
        return new ChangeUser
        {
            User = user, AuthResponse = authResponse.ToArray(), Schema = schema, CollationId = collation,
            AuthPlugin = plugin,
            Attributes = capabilities.HasFlag(Capabilities.ConnectAttributes)
                ? ConnectionAttributes.Read(ref reader)
                : default,
        };
    }

    /// <summary>Writes the command as packet 0.</summary>
    /// <exception cref="InvalidOperationException">The authentication response is longer than 255 bytes.</exception>
    public void Write(PacketWriter writer, Capabilities capabilities)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(0);
        writer.WriteByte((byte)CommandKind.ChangeUser);
        writer.WriteNullTerminated(User.Span);
        if (capabilities.HasFlag(Capabilities.SecureConnection))
        {
            WriteShortBytes(writer, AuthResponse.Span);
        }
        else
        {
            writer.WriteNullTerminated(AuthResponse.Span);
        }
        writer.WriteNullTerminated(Schema.Span);
        writer.WriteUInt16(CollationId);
        if (capabilities.HasFlag(Capabilities.PluginAuth))
        {
            writer.WriteNullTerminated(Encoding.UTF8.GetBytes(AuthPlugin));
        }
        if (capabilities.HasFlag(Capabilities.ConnectAttributes))
        {
            writer.WriteLengthEncodedBytes(Attributes.Encoded.Span);
        }
        writer.End();
    }

    internal static void WriteShortBytes(PacketWriter writer, ReadOnlySpan<byte> value)
    {
        if (value.Length > byte.MaxValue)
        {
            throw new InvalidOperationException("This authentication response needs a length of one byte.");
        }
        writer.WriteByte((byte)value.Length);
        writer.WriteBytes(value);
    }
}
