using DbProxy.Protocol;

namespace DbProxy.Core.Channels;

/// <content>A command that is carried out in parts, one after the other: each becomes the current packet.</content>
internal sealed partial class PacketInput
{
    // Bytes of the peer's packet behind the present part.
    private int _behind;

    /// <summary>Packets of the answer that other parts of the same command have got.</summary>
    public byte Answered { get; private set; }

    /// <summary>Keeps only the first bytes of the current payload; the others are for <see cref="NextPart"/>.</summary>
    public void KeepPart(int length)
    {
        _behind += Payload.Length - length;
        SetLength(length);
    }

    /// <summary>What was left out becomes the current packet, with the present one's head in front of it.</summary>
    /// <param name="head">Bytes of payload before what was divided.</param>
    /// <param name="answered">Number of the last packet that the peer was sent.</param>
    public void NextPart(int head, byte answered)
    {
        head += PacketHeader.Size;
        int next = _start + _packetLength - head;

        // Over bytes that are done with: the new packet begins behind where the present one did.
        Buffer.AsSpan(_start, head).CopyTo(Buffer.AsSpan(next));
        _start = next;
        SetLength(head - PacketHeader.Size + _behind);
        _behind = 0;
        Answered = Sequence = answered;
    }

    private void SetLength(int length)
    {
        PacketHeader.Write(Buffer.AsSpan(_start), length, 0);
        _packetLength = PacketHeader.Size + length;
    }
}
