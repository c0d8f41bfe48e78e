using System.Diagnostics.CodeAnalysis;
using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>The server's greeting, protocol version 10.</summary>
/// <remarks>
/// MariaDB puts "5.5.5-" before its version (old replicas refuse a major version of 10) and, when it doesn't set
/// <see cref="Capabilities.LongPassword"/>, its extended capabilities into the last four reserved bytes.
/// </remarks>
public sealed record HandshakeV10
{
    /// <summary>The first byte.</summary>
    public const byte ProtocolVersion = 10;

    /// <summary>What MariaDB puts before its version.</summary>
    public const string MariaDbPrefix = "5.5.5-";

    private const int FirstNoncePart = 8;
    private const int LeastSecondPart = 13;

    /// <summary>The version as sent, prefix included.</summary>
    public required string ServerVersion { get; init; }

    /// <summary>The connection's id in the server (KILL takes it).</summary>
    public uint ConnectionId { get; init; }

    /// <summary>The nonce: 20 bytes as a rule, without the zero byte that ends it.</summary>
    public required byte[] Nonce { get; init; }

    /// <summary>What the server can do.</summary>
    public Capabilities Capabilities { get; init; }

    /// <summary>The default collation; its low byte, that is.</summary>
    public byte CollationId { get; init; }

    /// <summary>Status flags.</summary>
    public ServerStatus Status { get; init; }

    /// <summary>The default authentication plugin; empty from a server without <see cref="Capabilities.PluginAuth"/>.</summary>
    public string AuthPlugin { get; init; } = "";

    /// <summary>Does a MariaDB server (or a proxy for one) speak?</summary>
    public bool IsMariaDb => ServerVersion.StartsWith(MariaDbPrefix, StringComparison.Ordinal)
        || ServerVersion.Contains("mariadb", StringComparison.OrdinalIgnoreCase);

    /// <summary>The version without MariaDB's prefix, as "10.11.19-MariaDB".</summary>
    public string PlainVersion => ServerVersion.StartsWith(MariaDbPrefix, StringComparison.Ordinal)
        ? ServerVersion[MariaDbPrefix.Length..]
        : ServerVersion;

    /// <summary>A server may refuse with an ERR packet before any greeting (too many connections, blocked host).</summary>
    /// <returns>True with a greeting, false with an error.</returns>
    /// <exception cref="MalformedPacketException">It's neither.</exception>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out HandshakeV10? greeting,
        [NotNullWhen(false)] out ErrPacket? error)
    {
        if (payload is [ErrPacket.Header, ..])
        {
            greeting = null;
            error = ErrPacket.Parse(payload);
            return false;
        }
        greeting = Parse(payload);
        error = null;
        return true;
    }

    /// <summary>Parses a greeting.</summary>
    /// <exception cref="MalformedPacketException">It isn't one, or of another protocol version.</exception>
    public static HandshakeV10 Parse(ReadOnlySpan<byte> payload)
    {
        var reader = new PacketReader(payload);
        var protocol = reader.ReadByte();
        if (protocol != ProtocolVersion)
        {
            MalformedPacketException.Throw($"Greeting of protocol version {protocol}, expected {ProtocolVersion}.");
        }
        var version = Encoding.UTF8.GetString(reader.ReadNullTerminated());
        var connectionId = reader.ReadUInt32();
        var firstPart = reader.ReadBytes(FirstNoncePart);
        reader.Skip(1);
        var capabilities = (Capabilities)reader.ReadUInt16();
        var collation = reader.ReadByte();
        var status = (ServerStatus)reader.ReadUInt16();
        capabilities |= (Capabilities)((ulong)reader.ReadUInt16() << 16);
        var nonceLength = reader.ReadByte();
        reader.Skip(6);
        var extended = reader.ReadUInt32();
        if (!capabilities.HasFlag(Capabilities.LongPassword))
        {
            capabilities |= (Capabilities)((ulong)extended << 32);
        }
        byte[] nonce = firstPart.ToArray();
        if (capabilities.HasFlag(Capabilities.SecureConnection))
        {
            // At least 13 bytes whatever the length says; the last one is the zero that ends the nonce.
            var secondPart = reader.ReadBytes(Math.Max(LeastSecondPart, nonceLength - FirstNoncePart));
            nonce = [.. firstPart, .. secondPart[^1] == 0 ? secondPart[..^1] : secondPart];
        }
        var plugin = capabilities.HasFlag(Capabilities.PluginAuth)
            ? Encoding.UTF8.GetString(reader.ReadNullTerminatedOrRest())
            : "";
        return new HandshakeV10
        {
            ServerVersion = version, ConnectionId = connectionId, Nonce = nonce, Capabilities = capabilities,
            CollationId = collation, Status = status, AuthPlugin = plugin,
        };
    }

    /// <summary>Writes the greeting as packet 0.</summary>
    /// <exception cref="InvalidOperationException">The nonce isn't 20 bytes long.</exception>
    public void Write(PacketWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        if (Nonce.Length != 20)
        {
            throw new InvalidOperationException("A greeting's nonce is 20 bytes long.");
        }
        writer.Begin(0);
        writer.WriteByte(ProtocolVersion);
        writer.WriteNullTerminated(Encoding.UTF8.GetBytes(ServerVersion));
        writer.WriteUInt32(ConnectionId);
        writer.WriteBytes(Nonce.AsSpan(0, FirstNoncePart));
        writer.WriteByte(0);
        writer.WriteUInt16((ushort)Capabilities);
        writer.WriteByte(CollationId);
        writer.WriteUInt16((ushort)Status);
        writer.WriteUInt16((ushort)((ulong)Capabilities >> 16));
        writer.WriteByte((byte)(Capabilities.HasFlag(Capabilities.PluginAuth) ? Nonce.Length + 1 : 0));
        writer.WriteZeros(6);
        writer.WriteUInt32(Capabilities.HasFlag(Capabilities.LongPassword) ? 0 : (uint)((ulong)Capabilities >> 32));
        writer.WriteBytes(Nonce.AsSpan(FirstNoncePart));
        writer.WriteByte(0);
        if (Capabilities.HasFlag(Capabilities.PluginAuth))
        {
            writer.WriteNullTerminated(Encoding.UTF8.GetBytes(AuthPlugin));
        }
        writer.End();
    }
}
