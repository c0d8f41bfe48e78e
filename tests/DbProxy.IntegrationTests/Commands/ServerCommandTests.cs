using DbProxy.IntegrationTests.Differential;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using Xunit;
using Client = DbProxy.IntegrationTests.Differential.RawClient;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Commands;

/// <summary>Commands that no driver sends any more are answered as by a server of today.</summary>
public sealed class ServerCommandTests
{
    private const Capabilities Wished = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth | Capabilities.LongFlag;

    [Theory, EachFlavor]
    public async Task Old_and_internal_commands_are_answered_as_by_the_server(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var powerful = new ClusterAccount($"p{bed.Schema}", "secret");
        await bed.Cluster.CreateUserAsync(powerful.User, powerful.Password, null, "SUPER, RELOAD, PROCESS ON *.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        foreach (var capabilities in new[] { Wished, Wished | Capabilities.DeprecateEof })
        {
            foreach (var account in new[] { bed.Cluster.App, powerful })
            {
                foreach (var (command, arguments) in Commands())
                {
                    var answers = new List<string>();
                    foreach (var port in new[] { bed.Cluster.Primary.Port, bed.Proxy.Port })
                    {
                        using var client = await Client.LoginAsync(port, account, "", capabilities);
                        answers.Add($"{account.User} {command}: {await AnswerAsync(client, command, arguments)}");
                    }

                    Assert.Equal(answers[0], answers[1]);
                }
            }
        }
    }

    /// <summary>As to a user without the right, even where the server would do it: a site is not stopped through its proxy.</summary>
    [Theory, EachFlavor]
    public async Task Nobody_shuts_the_primary_down_through_the_proxy(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        var stopper = new ClusterAccount($"s{bed.Schema}", "secret");
        await bed.Cluster.CreateUserAsync(stopper.User, stopper.Password, null, "SHUTDOWN ON *.*");
        await ServerAdmin.SyncAsync(bed.Cluster);
        using var direct = await Client.LoginAsync(bed.Cluster.Primary.Port, bed.Cluster.App, "", Wished);
        using var client = await Client.LoginAsync(bed.Proxy.Port, stopper, "", Wished);
        Assert.Equal(await AnswerAsync(direct, CommandKind.Shutdown, [0]), await AnswerAsync(client, CommandKind.Shutdown, [0]));
        var refused = await AnswerAsync(direct, CommandKind.Query, "SHUTDOWN"u8.ToArray());
        Assert.Contains("1227", refused, StringComparison.Ordinal);
        Assert.Equal(refused, await AnswerAsync(client, CommandKind.Query, "SHUTDOWN"u8.ToArray()));
        Assert.Contains("rows", await AnswerAsync(client, CommandKind.Ping, []), StringComparison.Ordinal);
    }

    private static IEnumerable<(CommandKind, byte[])> Commands()
    {
        // The primary's log and its caches are nobody's state: debug and refresh do no harm here.
        yield return (CommandKind.Debug, []);
        yield return (CommandKind.Refresh, [8]);
        yield return (CommandKind.Sleep, []);
        yield return (CommandKind.CreateDb, "x"u8.ToArray());
        yield return (CommandKind.DropDb, "x"u8.ToArray());
        yield return (CommandKind.Connect, []);
        yield return (CommandKind.Time, []);
        yield return (CommandKind.DelayedInsert, []);
        yield return (CommandKind.TableDump, [1, 0x61, 1, 0x62]);
        yield return (CommandKind.ConnectOut, []);
        yield return (CommandKind.Daemon, []);
        yield return ((CommandKind)0x22, []);
        yield return ((CommandKind)0xf0, []);
        yield return (CommandKind.RegisterReplica, [99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        yield return (CommandKind.BinlogDump, [4, 0, 0, 0, 0, 0, 99, 0, 0, 0]);
    }

    [Theory, EachFlavor]
    public async Task The_process_list_is_the_primarys(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        using var direct = await Client.LoginAsync(bed.Cluster.Primary.Port, bed.Cluster.App, bed.Schema, Wished);
        using var client = await Client.LoginAsync(bed.Proxy.Port, bed.Cluster.App, bed.Schema, Wished);
        var lines = new List<List<string>>();
        foreach (var one in new[] { direct, client })
        {
            var reader = new AnswerReader(one);
            await one.CommandAsync(CommandKind.ProcessInfo, default);
            await reader.ResultsAsync();
            lines.Add([.. reader.Lines.Where(l => !l.StartsWith("ROW", StringComparison.Ordinal) && !l.StartsWith("EOF", StringComparison.Ordinal))]);
        }

        Assert.Equal(lines[0], lines[1]);
    }

    private static async Task<string> AnswerAsync(Client client, CommandKind command, byte[] arguments)
    {
        var reader = new AnswerReader(client);
        await client.CommandAsync(command, arguments);
        await reader.SingleAsync();

        // How many warnings the statement before it left says nothing of the command.
        return Differences.WithoutWarnings(reader.Lines[^1]);
    }
}
