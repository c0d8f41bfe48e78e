using System.IO.Pipelines;
using DbProxy.LoadBalancer.HttpMode.Hosting;
using Microsoft.AspNetCore.Connections;
using Xunit;

namespace DbProxy.Tests.LoadBalancer.HttpMode;

/// <summary>Where a connection goes on with what arrives: handshakes must not hold up the thread that polls.</summary>
public sealed class HandshakeTests
{
    private static readonly PipeOptions Inline = new(readerScheduler: PipeScheduler.Inline, writerScheduler: PipeScheduler.Inline, useSynchronizationContext: false);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Goes_on_in_the_pool_with_what_costs_and_where_it_is_called_with_the_rest(bool asksForCertificate)
    {
        var (fromClient, toClient) = (new Pipe(Inline), new Pipe(Inline));
        await using var connection = new DefaultConnectionContext("1", new Duplex(fromClient.Reader, toClient.Writer), new Duplex(toClient.Reader, fromClient.Writer));
        await Handshake.BeginAsync(connection, asksForCertificate, static _ => Task.CompletedTask);

        Assert.True(await GoesOnInPoolAsync(connection, fromClient.Writer));
        Assert.Equal(asksForCertificate, await GoesOnInPoolAsync(connection, fromClient.Writer));
        Assert.False(connection.Features.Get<Handshake>()!.IsDone);

        await Handshake.EndAsync(connection, static _ => Task.CompletedTask);
        Assert.True(connection.Features.Get<Handshake>()!.IsDone);
        Assert.False(await GoesOnInPoolAsync(connection, fromClient.Writer));
    }

    private static Task<bool> GoesOnInPoolAsync(ConnectionContext connection, PipeWriter from)
    {
        var reading = ReadAsync(connection);
        Arrive(from);
        return reading;
    }

    private static async Task<bool> ReadAsync(ConnectionContext connection)
    {
        var result = await connection.Transport.Input.ReadAsync().ConfigureAwait(false);
        connection.Transport.Input.AdvanceTo(result.Buffer.End);
        return Thread.CurrentThread.IsThreadPoolThread;
    }

    /// <summary>A thread of its own, as the runtime's polling threads are, hands over a byte.</summary>
    private static void Arrive(PipeWriter from)
    {
        var poller = new Thread(() =>
        {
            from.GetSpan(1)[0] = 22;
            from.Advance(1);
            _ = from.FlushAsync().AsTask();
        });
        poller.Start();
        poller.Join();
    }

    private sealed record Duplex(PipeReader Input, PipeWriter Output) : IDuplexPipe;
}
