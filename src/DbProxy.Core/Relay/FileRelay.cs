using DbProxy.Core.Backends;
using DbProxy.Core.Channels;

namespace DbProxy.Core.Relay;

/// <summary>LOAD DATA LOCAL: the client's file, packet by packet, to the server, up to the empty packet that ends it.</summary>
internal static class FileRelay
{
    public static async ValueTask<bool> RelayAsync(PacketInput client, ServerConnection server)
    {
        while (await client.ReadAsync(-1) == InputResult.Packet)
        {
            Memory<byte> packet = client.Packet;
            packet.Span[3] -= server.Tracker.SequenceShift;
            if (!await server.Channel.SendAsync(packet))
            {
                return false;
            }

            if (client.Payload.Length == 0)
            {
                return true;
            }
        }

        return false;
    }
}
