using System.Buffers.Binary;
using System.Text;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>The server name in a TLS ClientHello, read without taking part in the handshake (RFC 8446 4.1.2, RFC 6066 3).</summary>
internal static class ClientHello
{
    private const int RecordHeader = 5;

    /// <summary>The longest first record that TLS allows, with its header.</summary>
    public const int MaxLength = RecordHeader + (16 << 10);

    /// <summary>Looks at the bytes received so far.</summary>
    /// <returns>False: more are needed. True: <paramref name="name"/> is the name, or null where there is none.</returns>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out string? name)
    {
        name = null;
        // 22: a handshake record. Anything else is no TLS, or a record of a session long under way.
        if (bytes.Length > 0 && bytes[0] != 22)
            return true;
        if (bytes.Length < RecordHeader)
            return false;
        int length = BinaryPrimitives.ReadUInt16BigEndian(bytes[3..]);
        if (length > MaxLength - RecordHeader)
            return true;
        if (bytes.Length < RecordHeader + length)
            return false;
        var reader = new Reader(bytes.Slice(RecordHeader, length));
        name = reader.ServerName();
        return true;
    }

    private ref struct Reader(ReadOnlySpan<byte> rest)
    {
        private ReadOnlySpan<byte> _rest = rest;

        public string? ServerName()
        {
            // 1: ClientHello; then its length, the version, the random number.
            if (!Take(1, out var type) || type[0] != 1 || !Take(3 + 2 + 32, out _)
                || !Vector(1, out _) || !Vector(2, out _) || !Vector(1, out _) || !Vector(2, out var extensions))
                return null;
            var all = new Reader(extensions);
            while (all.Take(2, out var kind) && all.Vector(2, out var body))
                if (BinaryPrimitives.ReadUInt16BigEndian(kind) == 0)
                    return new Reader(body).FirstHostName();
            return null;
        }

        private string? FirstHostName()
        {
            if (!Vector(2, out var list))
                return null;
            var names = new Reader(list);
            while (names.Take(1, out var kind) && names.Vector(2, out var name))
                if (kind[0] == 0)
                    return Ascii.IsValid(name) ? Encoding.ASCII.GetString(name) : null;
            return null;
        }

        /// <summary>Bytes behind their length of one or two bytes.</summary>
        private bool Vector(int lengthSize, out ReadOnlySpan<byte> body)
        {
            body = default;
            return Take(lengthSize, out var length)
                && Take(lengthSize == 1 ? length[0] : BinaryPrimitives.ReadUInt16BigEndian(length), out body);
        }

        private bool Take(int count, out ReadOnlySpan<byte> taken)
        {
            taken = default;
            if (_rest.Length < count)
                return false;
            taken = _rest[..count];
            _rest = _rest[count..];
            return true;
        }
    }
}
