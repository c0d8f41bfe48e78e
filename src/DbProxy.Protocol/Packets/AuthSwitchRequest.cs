using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>The server asks for another authentication plugin, with a fresh nonce.</summary>
/// <param name="Plugin">The plugin's name.</param>
/// <param name="Data">The plugin's data as sent; see <see cref="Nonce"/>.</param>
public sealed record AuthSwitchRequest(string Plugin, byte[] Data)
{
    /// <summary>The first byte.</summary>
    public const byte Header = 0xFE;

    private const int TerminatedNonceLength = 21;

    /// <summary>
    /// The nonce in <see cref="Data"/>. Most plugins close their 20 bytes by a zero byte; client_ed25519 sends 32 random
    /// bytes, of which the last may well be zero.
    /// </summary>
    public ReadOnlySpan<byte> Nonce => Data is [.., 0] && Data.Length == TerminatedNonceLength ? Data.AsSpan()[..^1] : Data;

    /// <summary>A request of a plugin that takes a nonce of 20 bytes.</summary>
    public static AuthSwitchRequest ForNonce(string plugin, ReadOnlySpan<byte> nonce) => new(plugin, [.. nonce, 0]);

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
        return new AuthSwitchRequest(plugin, reader.ReadRest().ToArray());
    }

    /// <summary>Writes the request as one packet.</summary>
    public void Write(PacketWriter writer, byte sequence)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(Header);
        writer.WriteNullTerminated(Encoding.UTF8.GetBytes(Plugin));
        writer.WriteBytes(Data);
        writer.End();
    }
}
