using System.Text;

namespace DbProxy.Protocol.Packets;

/// <summary>Connection attributes: length-encoded pairs of name and value, kept as the bytes that came.</summary>
/// <param name="Encoded">The pairs, without the total length that precedes them in a packet.</param>
public readonly record struct ConnectionAttributes(ReadOnlyMemory<byte> Encoded)
{
    /// <summary>Are there none?</summary>
    public bool IsEmpty => Encoded.IsEmpty;

    /// <summary>Encodes pairs.</summary>
    public static ConnectionAttributes FromPairs(IEnumerable<KeyValuePair<string, string>> pairs)
    {
        ArgumentNullException.ThrowIfNull(pairs);
        using var writer = new PacketWriter();
        foreach (var (name, value) in pairs)
        {
            writer.WriteLengthEncodedText(name);
            writer.WriteLengthEncodedText(value);
        }
        return new ConnectionAttributes(writer.WrittenSpan.ToArray());
    }

    /// <summary>Decodes the pairs. A name may come twice.</summary>
    /// <exception cref="MalformedPacketException">They are cut off.</exception>
    public IReadOnlyList<KeyValuePair<string, string>> ToPairs()
    {
        var pairs = new List<KeyValuePair<string, string>>();
        var reader = new PacketReader(Encoded.Span);
        while (reader.Remaining > 0)
        {
            var name = Encoding.UTF8.GetString(reader.ReadLengthEncodedBytes());
            pairs.Add(new(name, Encoding.UTF8.GetString(reader.ReadLengthEncodedBytes())));
        }
        return pairs;
    }

    internal static ConnectionAttributes Read(ref PacketReader reader) =>
        // Some clients set the flag and send nothing.
        new(reader.Remaining > 0 ? reader.ReadLengthEncodedBytes().ToArray() : ReadOnlyMemory<byte>.Empty);
}
