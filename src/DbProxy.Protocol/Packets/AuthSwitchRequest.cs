using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>The server asks for another authentication plugin, with a fresh nonce.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Data">The plugin's data, for most a nonce without its closing zero byte.</param>
public sealed record AuthSwitchRequest(string Plugin, byte[] Data)
{
    /// <summary>The first byte.</summary>
    public const byte Header = 0xFE;

    /// <summary>A packet of the header byte alone asks for the authentication of before 4.1.</summary>
    public static bool IsOldAuthentication(ReadOnlySpan<byte> payload) => payload is [Header];

    /// <summary>Parses the request.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static AuthSwitchRequest Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() != Header)
        {
            MalformedPacketException.Throw("Not an authentication switch request.");
        }
        var plugin = Encoding.UTF8.GetString(reader.ReadNullTerminated());
        var data = reader.ReadRest();
        return new AuthSwitchRequest(plugin, (data is [.., 0] ? data[..^1] : data).ToArray());
    }

    /// <summary>Writes the request as one packet.</summary>
    public void Write(PacketWriter writer, byte sequence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(Header);
        writer.WriteNullTerminated(Encoding.UTF8.GetBytes(Plugin));
        writer.WriteBytes(Data);
        writer.WriteByte(0);
        writer.End();
    }
}
