using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.Protocol;
using DbProxy.Protocol.Login;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>Clients that send commands without waiting for answers.</summary>
public sealed class PipeliningTests
{
    private const int Rounds = 20;
    private const string Table = "CREATE TABLE t (id INT PRIMARY KEY)";

    private const Capabilities Flags = Capabilities.DeprecateEof | Capabilities.MultiResults | Capabilities.PsMultiResults;

    /// <summary>One command, how its answer is read, and what it is.</summary>
    private sealed record Step(byte[] Packet, Func<RawClient, Task<string>> Read, string Expected);

    [Theory, EachFlavor]
    public async Task Answers_come_in_order_on_whatever_server_connections(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => o.Pool.MaxConnections = 2, Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        List<Step> steps = [.. Enumerable.Range(0, Rounds).SelectMany(i => Round(i, bed.PrimaryId))];
        Task sending = client.SendBytesAsync((byte[])[.. steps.SelectMany(s => s.Packet)]);
        await AnsweredAsync(client, steps);
        await sending;
    }

    [Theory, EachFlavor]
    public async Task Commands_may_arrive_in_pieces_of_any_size(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema);
        List<Step> steps = [.. Enumerable.Range(0, 3).SelectMany(i => Round(i, bed.PrimaryId))];
        Task sending = SendAsync();
        await AnsweredAsync(client, steps);
        await sending;

        async Task SendAsync()
        {
            foreach (byte[] piece in steps.SelectMany(s => s.Packet).Chunk(7))
            {
                await client.SendBytesAsync(piece);
            }
        }
    }

    [Theory, EachFlavor]
    public async Task Commands_may_come_right_behind_the_login(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);

        // From here on the login needs one packet of the client.
        await (await RawClient.ConnectAsync(bed.Proxy.Port, bed.Cluster.App)).DisposeAsync();
        List<Step> steps = [.. Enumerable.Range(0, 3).SelectMany(i => Round(i, bed.PrimaryId))];
        byte[] commands = [.. steps.SelectMany(s => s.Packet), .. RawClient.Packet(CommandKind.Quit)];
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, Flags), commands);
        Assert.Null(client.LoginError);
        await AnsweredAsync(client, steps);
        Assert.Null(await client.ReceiveAsync());
    }

    /// <summary>MariaDB's clients execute what they prepared last without having been told its id.</summary>
    [Theory, InlineData(Flavor.MariaDb)]
    public async Task A_statement_is_executed_before_its_id_is_known(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, Table);
        await using var client = await RawClient.ConnectAsync(bed.Proxy.Port, Login(bed, Flags | Capabilities.MariaDbStmtBulkOperations));
        List<Step> steps = [];
        for (int i = 0; i < Rounds; i++)
        {
            steps.AddRange([Prepare($"SELECT CAST(? AS SIGNED) + {i}"), Execute(uint.MaxValue, i, $"{2 * i}"), Query($"INSERT INTO t VALUES ({i})", "")]);
        }

        await client.SendBytesAsync((byte[])[.. steps.SelectMany(s => s.Packet)]);
        await AnsweredAsync(client, steps);
    }

    private static ServerLoginOptions Login(TestBed bed, Capabilities capabilities) => new()
    {
        User = Encoding.UTF8.GetBytes(bed.Cluster.App.User),
        Password = Encoding.UTF8.GetBytes(bed.Cluster.App.Password),
        Schema = Encoding.UTF8.GetBytes(bed.Schema),
        Capabilities = capabilities,
    };

    private static async Task AnsweredAsync(RawClient client, List<Step> steps)
    {
        List<string> answers = [];
        foreach (Step step in steps)
        {
            answers.Add(await step.Read(client));
        }

        Assert.Equal(steps.Select(s => s.Expected), answers);
    }

    /// <summary>Text and prepared, in and out of a transaction, on replicas and on the primary, with an error among them.</summary>
    private static Step[] Round(int i, long primary)
    {
        // Ids of prepared statements count from 1, as a server's.
        uint id = (uint)i + 1;
        return
        [
            Query($"SELECT {i}, @@server_id = {primary}", $"{i}|0"),
            Prepare($"SELECT CAST(? AS SIGNED) + {i}"),
            Execute(id, 1000, $"{1000 + i}"),
            Query($"INSERT INTO t VALUES ({2 * i})", ""),
            Query("SELECT MAX(id) FROM t", $"{2 * i}"),
            Query("SELECT nonsense", "1054"),
            Query("BEGIN", ""),
            Query($"INSERT INTO t VALUES ({(2 * i) + 1})", ""),
            Execute(id, 2000, $"{2000 + i}"),
            Query($"SELECT COUNT(*), @@server_id = {primary} FROM t", $"{i + 2}|1"),
            new(RawClient.Packet(CommandKind.Ping), FirstByteAsync, "0"),
            Query("ROLLBACK", ""),
            Query($"SET @a = {i}", ""),
            Query("SELECT @a", $"{i}"),
            new(RawClient.Packet(CommandKind.ResetConnection), FirstByteAsync, "0"),
        ];
    }

    private static Step Query(string sql, string expected) => new(RawClient.Packet(CommandKind.Query, Encoding.UTF8.GetBytes(sql)), RowsAsync, expected);

    private static Step Prepare(string sql) =>
        new(RawClient.Packet(CommandKind.StmtPrepare, Encoding.UTF8.GetBytes(sql)), async c => $"{(await c.PreparedAsync()).Parameters} parameter", "1 parameter");

    private static Step Execute(uint id, long value, string expected)
    {
        byte[] arguments = [.. BitConverter.GetBytes(id), 0, 1, 0, 0, 0, 0, 1, 8, 0, .. BitConverter.GetBytes(value)];
        return new(RawClient.Packet(CommandKind.StmtExecute, arguments), ValueAsync, expected);
    }

    private static async Task<string> RowsAsync(RawClient client)
    {
        try
        {
            return string.Join(',', await client.RowsAsync());
        }
        catch (InvalidOperationException e) when (e.Message.Contains("1054", StringComparison.Ordinal))
        {
            return "1054";
        }
    }

    private static async Task<string> FirstByteAsync(RawClient client) => $"{(await client.ReceiveAsync())![0]}";

    private static async Task<string> ValueAsync(RawClient client)
    {
        Assert.Equal(1, (await client.ReceiveAsync())![0]);
        await client.ReceiveAsync();
        string value = "";
        await foreach (byte[] row in client.RestOfRowsAsync(columnsEnded: false))
        {
            value = $"{BitConverter.ToInt64(row, 2)}";
        }

        return value;
    }
}
