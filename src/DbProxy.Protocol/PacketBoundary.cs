namespace DbProxy.Protocol;

/// <summary>Where a stream of packets stands, followed by their headers only: whether a packet of one's own may come next.</summary>
public struct PacketBoundary
{
    private int _rest;
    private int _header;
    private int _headerLength;
    private bool _continues;
    private bool _awaitsMarker;
    private byte _sequence;

    /// <summary>Whether what has passed ends with a whole payload: not within a packet, nor where the next one continues it.</summary>
    public readonly bool IsReached => _rest == 0 && _headerLength == 0 && !_continues;

    /// <summary>The number that the next packet has.</summary>
    public readonly byte NextSequence => (byte)(_sequence + 1);

    /// <summary>The first byte of the last payload, which says what it is; 0 for an empty one.</summary>
    public byte Marker { get; private set; }

    /// <summary>Goes on through the next bytes, however they are cut.</summary>
    public void Follow(ReadOnlySpan<byte> bytes)
    {
        while (!bytes.IsEmpty)
        {
            if (_rest > 0)
            {
                if (_awaitsMarker)
                    Marker = bytes[0];
                _awaitsMarker = false;
                var count = Math.Min(_rest, bytes.Length);
                _rest -= count;
                bytes = bytes[count..];
                continue;
            }
            _header |= bytes[0] << (8 * _headerLength);
            bytes = bytes[1..];
            if (++_headerLength == PacketHeader.Size)
                Begin();
        }
    }

    private void Begin()
    {
        _rest = _header & PacketHeader.MaxPayload;
        _sequence = (byte)(_header >> 24);
        _awaitsMarker = !_continues;
        Marker = _continues ? Marker : (byte)0;
        _continues = _rest == PacketHeader.MaxPayload;
        (_header, _headerLength) = (0, 0);
    }
}
