using DbProxy.Core.Backends;
using DbProxy.Core.Channels;

namespace DbProxy.Core.Relay;

/// <summary>
/// LOAD DATA LOCAL: the client's file to the server as it arrives, up to the empty packet that ends it. A server that
/// takes it in slowly slows the client down; nothing is read of the proxy's own files.
/// </summary>
internal static class FileRelay
{
    public static async ValueTask<bool> RelayAsync(PacketInput client, ServerConnection server)
    {
        // As the server counts: for the client other packets may have gone before, and one that compresses may not count.
        byte last = (byte)(server.Tracker.LastSequence - server.Tracker.SequenceShift);
        do
        {
            client.BeginStreamed();
            do
            {
                if (await client.ReadRestAsync() != InputResult.Packet)
                {
                    return false;
                }

                if (client.RestBeginsPacket)
                {
                    client.Rest.Span[3] = ++last;
                    server.Tracker.GoOnAfter(client.Sequence);
                }

                server.Counters.BytesSent += client.Rest.Length;
                if (!await server.Channel.SendAsync(client.Rest))
                {
                    return false;
                }
            }
            while (client.HasRest);
        }
        while (client.RestTotal > 0);
        return true;
    }
}
