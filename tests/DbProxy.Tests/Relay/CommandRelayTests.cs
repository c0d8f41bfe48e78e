using CsCheck;
using DbProxy.Core.Backends;
using DbProxy.Core.Channels;
using DbProxy.Core.Relay;
using DbProxy.Protocol;
using DbProxy.Protocol.Responses;
using DbProxy.Tests.Channels;
using DbProxy.Tests.Protocol.Responses;
using DbProxy.Tests.Sessions;
using Xunit;
using Response = DbProxy.Tests.Protocol.Responses.Response;

namespace DbProxy.Tests.Relay;

/// <summary>The relay between two scripted peers: what reaches whom, and how it says that it ended.</summary>
public sealed class CommandRelayTests
{
    private static readonly byte[] Command = [2, 0, 0, 0, 3, (byte)'x'];
    private static readonly Side Modern = new(true, true);
    private static readonly Ending End = new(0, 0, ServerStatus.AutoCommit, 0, [], []);
    private static readonly Response Rows = new(ResponseShape.Results, [new RowsResult([[1]], [[1, 7], [1, 8]], 0, 0, End)]);
    private static readonly Response Ok = new(ResponseShape.Results, [new OkResult(End)]);
    private static readonly Response ReadOnly = new(ResponseShape.Results, [new ErrResult(1290)]);

    [Fact]
    public void Any_response_reaches_the_client_as_the_reference_writes_it() =>
        Gen.Select(ResponseGen.Any, ResponseGen.AnySide, ResponseGen.AnySide, Gen.Int[1, 400].Array[1, 6]).Sample(
            (response, server, client, chunks) =>
            {
                int next = 0;
                // A server asks for a file and then waits: the question must not arrive together with what follows.
                byte[] file = [1, 0, 0, 2, 7, 0, 0, 0, 3];
                var run = Run(
                    ResponseEncoder.AsSent(response, server), new(Command, response.Shape), null, server, client,
                    response.Results.OfType<FileRequest>().Any() ? () => 1 : () => chunks[next++ % chunks.Length], file);
                Assert.Equal(RelayOutcome.Completed, run.Outcome);
                Assert.Equal(ResponseEncoder.AsSeen(response, server, client, ServerStatus.AutoCommit, 0), run.ToClient);
            },
            iter: 1000);

    [Fact]
    public void A_local_file_gets_the_sequence_ids_that_the_server_counts()
    {
        // The client has seen one packet more than the server sent: the EOF behind the first result's columns.
        var response = new Response(ResponseShape.Results, [Rows.Results[0], new FileRequest([1], 2), new OkResult(End)]);
        byte[] sent = ResponseEncoder.AsSent(response, Modern);
        var run = Run(sent, new(Command, ResponseShape.Results), null, Modern, new(false, true), () => 1, [1, 0, 0, 8, 7, 0, 0, 0, 9]);
        Assert.Equal(RelayOutcome.Completed, run.Outcome);
        Assert.Equal([.. Command, 1, 0, 0, 7, 7, 0, 0, 0, 8], run.ToServer);
    }

    [Fact]
    public void A_read_that_a_replica_refuses_is_handed_back_unseen()
    {
        var run = Run(ResponseEncoder.AsSent(ReadOnly, Modern), new(Command, ResponseShape.Results, IsRead: true, HandsBackReadOnly: true));
        Assert.Equal(RelayOutcome.ReadOnlyServer, run.Outcome);
        Assert.Empty(run.ToClient);
    }

    [Fact]
    public void The_same_error_of_a_primary_is_the_clients()
    {
        byte[] sent = ResponseEncoder.AsSent(ReadOnly, Modern);
        var run = Run(sent, new(Command, ResponseShape.Results, IsRead: true));
        Assert.Equal(RelayOutcome.Completed, run.Outcome);
        Assert.Equal(sent, run.ToClient);
    }

    [Fact]
    public void A_server_lost_is_told_by_how_far_the_answer_got()
    {
        byte[] sent = ResponseEncoder.AsSent(Rows, Modern);
        for (int cut = 0; cut < sent.Length; cut++)
        {
            var run = Run(sent[..cut], new(Command, ResponseShape.Results));
            Assert.Equal(run.ToClient.Length == 0 ? RelayOutcome.ServerLostBeforeResponse : RelayOutcome.ServerLostMidway, run.Outcome);
            Assert.Equal(sent[..run.ToClient.Length], run.ToClient);
        }
    }

    [Fact]
    public void A_server_that_is_gone_got_no_command()
    {
        var channel = new ScriptedChannel([]);
        channel.Abort();
        Assert.Equal(RelayOutcome.ServerLostBeforeCommand, Run(channel, new(Command, ResponseShape.Results), null, Modern, Modern, []).Outcome);
    }

    [Fact]
    public void A_malformed_answer_is_the_servers_violation()
    {
        Assert.Equal(RelayOutcome.ServerViolation, Run([1, 0, 0, 1, 0xFD], new(Command, ResponseShape.Results)).Outcome);
    }

    [Fact]
    public void Preamble_and_command_go_out_together_and_only_the_commands_answer_comes_back()
    {
        using var preamble = new Preamble();
        preamble.AddQuery(PreambleStep.Settings, "SET a=1");
        byte[] front = preamble.Bytes.ToArray();
        byte[] answer = ResponseEncoder.AsSent(Rows, Modern);
        for (int chunk = 1; chunk < 40; chunk++)
        {
            int size = chunk;
            using var again = new Preamble();
            again.AddQuery(PreambleStep.Settings, "SET a=1");
            var run = Run(
                [.. ResponseEncoder.AsSent(Ok, Modern), .. answer], new(Command, ResponseShape.Results, IsRead: true), again, Modern, Modern, () => size, []);
            Assert.Equal(RelayOutcome.Completed, run.Outcome);
            Assert.Equal([.. front, .. Command], run.ToServer);
            Assert.Equal(answer, run.ToClient);
        }
    }

    [Fact]
    public void A_write_does_not_go_out_when_its_settings_are_refused()
    {
        using var preamble = new Preamble();
        preamble.AddQuery(PreambleStep.Settings, "SET a=1");
        byte[] front = preamble.Bytes.ToArray();
        var run = Run(ResponseEncoder.AsSent(ReadOnly, Modern), new(Command, ResponseShape.Results), preamble, Modern, Modern, null, []);
        Assert.Equal(RelayOutcome.SettingsRefused, run.Outcome);
        Assert.Equal(front, run.ToServer);
        Assert.Empty(run.ToClient);
    }

    [Fact]
    public void A_read_whose_settings_are_refused_runs_in_vain_and_is_not_shown()
    {
        using var preamble = new Preamble();
        preamble.AddQuery(PreambleStep.Settings, "SET a=1");
        byte[] says = [.. ResponseEncoder.AsSent(ReadOnly, Modern), .. ResponseEncoder.AsSent(Rows, Modern)];
        var run = Run(says, new(Command, ResponseShape.Results, IsRead: true), preamble, Modern, Modern, null, []);
        Assert.Equal(RelayOutcome.SettingsRefused, run.Outcome);
        Assert.Empty(run.ToClient);
        Assert.Equal(says.Length, run.Server.Delivered);
    }

    [Theory]
    [InlineData("0", true)]
    [InlineData("1", false)]
    [InlineData("-1", false)]
    public void A_read_that_waited_in_vain_is_not_shown(string waited, bool shown)
    {
        using var preamble = new Preamble();
        preamble.AddQuery(PreambleStep.Wait, "SELECT WAIT()");
        byte[] row = [(byte)waited.Length, .. System.Text.Encoding.ASCII.GetBytes(waited)];
        var wait = new Response(ResponseShape.Results, [new RowsResult([[1]], [row], 0, 0, End)]);
        byte[] answer = ResponseEncoder.AsSent(Rows, Modern);
        var run = Run(
            [.. ResponseEncoder.AsSent(wait, Modern), .. answer], new(Command, ResponseShape.Results, IsRead: true), preamble, Modern, Modern, null, []);
        Assert.Equal(shown ? RelayOutcome.Completed : RelayOutcome.WaitTimedOut, run.Outcome);
        Assert.Equal(shown ? answer : [], run.ToClient);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_transaction_does_not_begin_behind_a_wait_in_vain(bool withSettings)
    {
        // It once stayed open on the pooled connection; and with settings in front, the answer of a command that was
        // never sent was awaited for ever.
        using var preamble = new Preamble();
        if (withSettings)
        {
            preamble.AddQuery(PreambleStep.Settings, "SET a=1");
        }

        preamble.AddQuery(PreambleStep.Wait, "SELECT WAIT()");
        byte[] front = preamble.Bytes.ToArray();
        byte[] wait = ResponseEncoder.AsSent(new(ResponseShape.Results, [new RowsResult([[1]], [[1, (byte)'1']], 0, 0, End)]), Modern);
        var run = Run(
            withSettings ? [.. ResponseEncoder.AsSent(Ok, Modern), .. wait] : wait, new(Command, ResponseShape.Results), preamble, Modern, Modern, null, []);
        Assert.Equal(RelayOutcome.WaitTimedOut, run.Outcome);
        Assert.Equal(front, run.ToServer);
        Assert.Empty(run.ToClient);
    }

    private static (RelayOutcome Outcome, byte[] ToServer, byte[] ToClient, ScriptedChannel Server) Run(byte[] says, RelayRequest request) =>
        Run(new ScriptedChannel(says), request, null, Modern, Modern, []);

    private static (RelayOutcome Outcome, byte[] ToServer, byte[] ToClient, ScriptedChannel Server) Run(
        byte[] says, RelayRequest request, Preamble? preamble, Side server, Side client, Func<int>? chunk, byte[] file) =>
        Run(new ScriptedChannel(says, chunk), request, preamble, server, client, file);

    private static (RelayOutcome Outcome, byte[] ToServer, byte[] ToClient, ScriptedChannel Server) Run(
        ScriptedChannel channel, RelayRequest request, Preamble? preamble, Side server, Side client, byte[] file)
    {
        Capabilities capabilities = (server.DeprecateEof ? Capabilities.DeprecateEof : 0) | (server.SessionTrack ? Capabilities.SessionTrack : 0)
            | (server.OptionalMetadata ? Capabilities.OptionalResultsetMetadata : 0);
        ServerConnection connection = SessionFakes.Connection(channel, capabilities);
        var toClient = new ScriptedChannel(file);
        using var input = new PacketInput(toClient);
        var relay = new CommandRelay(input, () => toClient);
        var translation = new ResponseTranslation(
            server.DeprecateEof, client.DeprecateEof, server.SessionTrack, client.SessionTrack, ServerStatus.AutoCommit, server.OptionalMetadata);
        RelayOutcome outcome = relay.RelayAsync(connection, request, preamble, translation).AsTask().WaitAsync(TimeSpan.FromSeconds(20)).GetAwaiter().GetResult();
        return (outcome, [.. channel.Heard], [.. toClient.Heard], channel);
    }
}
