using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>An ERR packet: header 0xFF, code, '#' and SQLSTATE, message.</summary>
/// <param name="Code">The error's number.</param>
/// <param name="SqlState">Five characters; "HY000" where the peer sent none (errors before the greeting).</param>
/// <param name="Message">The text.</param>
public sealed record ErrPacket(ushort Code, string SqlState, string Message)
{
    /// <summary>The first byte.</summary>
    public const byte Header = 0xFF;

    /// <summary>Makes an error of the catalogue with a message.</summary>
    public ErrPacket(MySqlError error, string message) : this(error.Code, error.SqlState, message)
    {
    }

    /// <summary>Does this payload look like an ERR packet?</summary>
    public static bool Is(ReadOnlySpan<byte> payload) => payload.Length >= 3 && payload[0] == Header;

    /// <summary>MariaDB's progress report: an ERR of code 0xFFFF, which ends nothing.</summary>
    public static bool IsProgressReport(ReadOnlySpan<byte> payload) =>
        Is(payload) && payload[1] == 0xFF && payload[2] == 0xFF;

    /// <summary>Parses an ERR packet, with or without SQLSTATE.</summary>
    /// <exception cref="MalformedPacketException">It isn't one.</exception>
    public static ErrPacket Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload);
        if (reader.ReadByte() != Header)
        {
            MalformedPacketException.Throw("Not an ERR packet.");
        }
        var code = reader.ReadUInt16();
        var state = "HY000";
        if (reader.Remaining >= 6 && reader.Rest[0] == (byte)'#')
        {
            reader.Skip(1);
            state = Encoding.Latin1.GetString(reader.ReadBytes(5));
        }
        return new ErrPacket(code, state, Encoding.UTF8.GetString(reader.ReadRest()));
    }

    /// <summary>Writes the error as one packet.</summary>
    /// <param name="writer">Takes the packet.</param>
    /// <param name="sequence">Its sequence number.</param>
    /// <param name="capabilities">SQLSTATE is left out for a peer without <see cref="Capabilities.Protocol41"/>.</param>
    /// <param name="encoding">The peer's character set; null: UTF-8.</param>
    public void Write(PacketWriter writer, byte sequence, Capabilities capabilities = Capabilities.Protocol41, Encoding? encoding = null)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.Begin(sequence);
        writer.WriteByte(Header);
        writer.WriteUInt16(Code);
        if (capabilities.HasFlag(Capabilities.Protocol41))
        {
            writer.WriteByte((byte)'#');
            writer.WriteText(SqlState);
        }
        writer.WriteBytes((encoding ?? Encoding.UTF8).GetBytes(Message));
        writer.End();
    }

    /// <summary>"ERROR 1045 (28000): message", as the command line client prints it.</summary>
    public override string ToString() => $"ERROR {Code} ({SqlState}): {Message}";
}
