using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

public sealed class CommandTests
{
    [Theory, EachFlavor]
    public async Task Ping_statistics_and_set_option_are_answered(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        foreach (var eof in new[] { Capabilities.DeprecateEof, Capabilities.None })
        {
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, eof);
            Assert.Equal(OkPacket.Header, (await client.AskAsync(CommandKind.Ping))[0]);
            Assert.StartsWith("Uptime: ", Encoding.UTF8.GetString(await client.AskAsync(CommandKind.Statistics)), StringComparison.Ordinal);
            Assert.Equal(1064, ErrPacket.Parse(await client.AskAsync(CommandKind.Query, "SELECT 1; SELECT 2")).Code);
            Assert.Contains((await client.AskAsync(CommandKind.SetOption, new byte[] { 0, 0 }))[0], new[] { OkPacket.Header, EofPacket.Header });
            Assert.Equal(1, (await client.AskAsync(CommandKind.Query, "SELECT 1; SELECT 2"))[0]);
            for (var result = 0; result < 2; result++)
            {
                if (result > 0)
                {
                    Assert.Equal(1, (await client.ReceiveAsync())![0]);
                }

                await client.ReceiveAsync();
                await foreach (var _ in client.RestOfRowsAsync(columnsEnded: false))
                {
                }

                Assert.Equal(result == 0, client.LastStatus.HasFlag(ServerStatus.MoreResultsExist));
            }

            Assert.Contains((await client.AskAsync(CommandKind.SetOption, new byte[] { 1, 0 }))[0], new[] { OkPacket.Header, EofPacket.Header });
            Assert.Equal(1064, ErrPacket.Parse(await client.AskAsync(CommandKind.Query, "SELECT 1; SELECT 2")).Code);
            Assert.Equal(1047, ErrPacket.Parse(await client.AskAsync(CommandKind.SetOption, new byte[] { 9, 0 })).Code);
        }
    }

    [Theory, EachFlavor]
    public async Task Field_list_gives_the_columns(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT, name VARCHAR(10) DEFAULT 'x')");
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        await client.SendAsync(CommandKind.FieldList, "t\0%");
        List<string> names = [];
        while (await client.ReceiveAsync() is { } packet && packet[0] is not (EofPacket.Header or ErrPacket.Header))
        {
            names.Add(Encoding.UTF8.GetString(ColumnDefinition.Parse(packet, client.Negotiated).Name.Span));
        }

        Assert.Equal(["id", "name"], names);
        Assert.Equal(1146, ErrPacket.Parse(await client.AskAsync(CommandKind.FieldList, "missing\0")).Code);
        Assert.Equal(["1"], await client.RowsAsync("SELECT 1"));
    }

    [Theory, EachFlavor]
    public async Task Commands_that_are_not_supported_get_an_error_and_the_session_goes_on(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        foreach (var command in new[]
        {
            CommandKind.Sleep, CommandKind.CreateDb, CommandKind.DropDb, CommandKind.Clone, (CommandKind)0x99,
        })
        {
            var error = ErrPacket.Parse(await client.AskAsync(command, "payload"));
            Assert.Equal((command, 1047, "08S01"), (command, error.Code, error.SqlState));
        }

        Assert.Equal(["1"], await client.RowsAsync("SELECT 1"));
    }

    [Theory, EachFlavor]
    public async Task Broken_packets_end_their_own_session_only(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var witness = await bed.OpenAsync();
        await witness.RunAsync("SET @here = 1");
        byte[][] broken =
        [
            [0, 0, 0, 0], // an empty command
            [1, 0, 0, 7, 0x0e], // a wrong sequence number
            [0xFF, 0xFF, 0xFF, 0, 0x03, 1, 2, 3], // a length that is never fulfilled
            [3, 0, 0, 0, 0x17, 1, 2], // an execution without its fields
            [1, 0, 0, 0, 0x16], // an empty statement to prepare
            [1, 0, 0, 0, 0x03], // an empty query
            [2, 0, 0, 0, 0x11, 0x41], // a user name without an end
            [1, 0, 0, 0, 0x0c], // a KILL without an id
            [1, 0, 0, 0, 0x04], // a field list without a table
            [1, 0, 0, 0, 0x02], // no schema
            [2, 0, 0, 0, 0x1b, 0], // half an option
        ];
        foreach (var bytes in broken)
        {
            await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
            await client.SendBytesAsync(bytes);
            if (bytes[0] != 0xFF)
            {
                var answer = await client.ReceiveAsync();
                Assert.True(answer is null || ErrPacket.Is(answer), Convert.ToHexString(bytes));
            }
        }

        for (var i = 0; i < 3; i++)
        {
            await using var stranger = await RawClient.DialAsync(bed.Proxy.Port);
            await stranger.SendBytesAsync(Encoding.ASCII.GetBytes("GET / HTTP/1.1\r\nHost: x\r\n\r\n"));
            await stranger.ReceiveAsync();
        }

        Assert.Equal(1, await witness.NumberAsync("SELECT @here"));
        await Eventually.IsTrueAsync(() => bed.Proxy.Context.Sessions.Count == 1, "all others have gone");
    }

    [Theory, EachFlavor]
    public async Task A_client_that_sends_ahead_is_answered_in_order(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        using var writer = new PacketWriter();
        for (var i = 0; i < 50; i++)
        {
            writer.Begin(0);
            writer.WriteByte((byte)CommandKind.Query);
            writer.WriteText($"SELECT {i}");
            writer.End();
        }

        await client.SendBytesAsync(writer.WrittenMemory);
        for (var i = 0; i < 50; i++)
        {
            Assert.Equal(1, (await client.ReceiveAsync())![0]);
            await client.ReceiveAsync();
            await foreach (var row in client.RestOfRowsAsync(columnsEnded: false))
            {
                Assert.Equal($"{i}", Encoding.UTF8.GetString(row.AsSpan(1)));
            }
        }
    }
}
