using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using DbProxy.LoadBalancer.ProxyProtocol;
using Microsoft.AspNetCore.Connections;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>Takes the PROXY protocol's header off a connection, before TLS, and lets the client that it names count.</summary>
internal static class ProxyHeaderGate
{
    /// <summary>Reads the header.</summary>
    /// <returns>Complete; else the connection must be closed: Malformed, there was none, or not in time, NeedsMore: the client has left without a word.</returns>
    public static async ValueTask<ProxyHeaderResult> PassAsync(ConnectionContext connection, TimeSpan patience, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(patience, time);
        var (input, isSilent) = (connection.Transport.Input, true);
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                isSilent = read.Buffer.IsEmpty;
                var result = TryTake(connection, input, read.Buffer);
                if (result != ProxyHeaderResult.NeedsMore)
                    return result;
                if (read.IsCompleted)
                    return isSilent ? result : ProxyHeaderResult.Malformed;
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return isSilent && e is IOException ? ProxyHeaderResult.NeedsMore : ProxyHeaderResult.Malformed;
        }
    }

    private static ProxyHeaderResult TryTake(ConnectionContext connection, PipeReader input, ReadOnlySequence<byte> buffer)
    {
        var front = buffer.Length > ProxyHeaderReader.MaxLength ? buffer.Slice(0, ProxyHeaderReader.MaxLength) : buffer;
        var result = ProxyHeaderReader.TryRead(front.IsSingleSegment ? front.FirstSpan : front.ToArray(), out var header, out var length);
        if (result != ProxyHeaderResult.Complete)
        {
            input.AdvanceTo(buffer.Start, buffer.End);
            return result;
        }
        input.AdvanceTo(buffer.GetPosition(length));
        if (header.Source is { } source)
            (connection.RemoteEndPoint, connection.LocalEndPoint) = (source.Plain(), header.Destination!.Plain());
        return result;
    }
}
