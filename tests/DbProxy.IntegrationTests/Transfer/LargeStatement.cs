using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;

namespace DbProxy.IntegrationTests.Transfer;

/// <summary>One command of any size, sent piece by piece: neither side of a test holds it.</summary>
internal static class LargeStatement
{
    private static readonly byte[] Filler = [.. Enumerable.Repeat((byte)'y', 1 << 20)];

    /// <summary>Sends a command whose payload is <paramref name="head"/>, as many y as make it <paramref name="length"/> bytes, and <paramref name="tail"/>.</summary>
    /// <param name="client">Who sends it.</param>
    /// <param name="head">Begins with the command's kind.</param>
    /// <param name="tail">The end.</param>
    /// <param name="length">Bytes of payload in all.</param>
    /// <param name="halfway">Runs once when about half is sent.</param>
    public static async Task SendAsync(RawClient client, byte[] head, byte[] tail, long length, Func<Task>? halfway = null)
    {
        byte sequence = 0;
        long at = 0;
        for (int part = PacketHeader.MaxPayload; part == PacketHeader.MaxPayload;)
        {
            part = (int)Math.Min(PacketHeader.MaxPayload, length - at);
            byte[] header = new byte[PacketHeader.Size];
            PacketHeader.Write(header, part, sequence++);
            await client.SendBytesAsync(header);
            for (long end = at + part; at < end;)
            {
                ReadOnlyMemory<byte> piece = at < head.Length ? head.AsMemory((int)at)
                    : at >= length - tail.Length ? tail.AsMemory((int)(at - (length - tail.Length)))
                    : Filler.AsMemory(0, (int)Math.Min(Filler.Length, length - tail.Length - at));
                piece = piece[..(int)Math.Min(piece.Length, end - at)];
                await client.SendBytesAsync(piece);
                at += piece.Length;
                if (halfway is not null && at > length / 2)
                {
                    await halfway();
                    halfway = null;
                }
            }
        }
    }
}
