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
    /// <returns>False: there was none, or not in time; the connection must be closed.</returns>
    public static async ValueTask<bool> PassAsync(ConnectionContext connection, TimeSpan patience, TimeProvider time)
    {
        using var limit = new CancellationTokenSource(patience, time);
        var input = connection.Transport.Input;
        try
        {
            while (true)
            {
                var read = await input.ReadAsync(limit.Token);
                switch (TryTake(connection, input, read.Buffer))
                {
                    case ProxyHeaderResult.Complete:
                        return true;
                    case ProxyHeaderResult.Malformed:
                        return false;
                    case ProxyHeaderResult.NeedsMore when read.IsCompleted:
                        return false;
                }
            }
        }
        catch (Exception e) when (e is OperationCanceledException or IOException)
        {
            return false;
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
            (connection.RemoteEndPoint, connection.LocalEndPoint) = (Plain(source), Plain(header.Destination!));
        return result;
    }

    private static IPEndPoint Plain(IPEndPoint endPoint) =>
        endPoint.Address.IsIPv4MappedToIPv6 ? new(endPoint.Address.MapToIPv4(), endPoint.Port) : endPoint;
}
