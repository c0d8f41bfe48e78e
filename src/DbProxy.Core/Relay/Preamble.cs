using DbProxy.Core.Backends;
using DbProxy.Core.Gtids;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;

namespace DbProxy.Core.Relay;

/// <summary>What a step of a preamble is for, and so what its answer means.</summary>
internal enum PreambleStep : byte { Settings, Schema, Trackers, MultiStatements, InsertId, ClearDiagnostics, Wait, Begin }

/// <summary>
/// The commands that go out in front of a client's command, in the same write, to bring the leased connection to where
/// the session stands. Their answers are taken off before the client's answer begins.
/// </summary>
/// <param name="attributes">Whether query attributes were negotiated with the server.</param>
internal sealed class Preamble(bool attributes = false) : IDisposable
{
    private readonly PacketWriter _writer = new();
    private readonly List<PreambleStep> _steps = [];

    /// <summary>The steps in the order of their answers.</summary>
    public IReadOnlyList<PreambleStep> Steps => _steps;

    /// <summary>The commands, framed.</summary>
    public ReadOnlyMemory<byte> Bytes => _writer.WrittenMemory;

    /// <summary>
    /// Whether the answers must be in before a command that is not a mere read goes out. A schema may have been dropped
    /// meanwhile, and a write would then run in the schema that the connection had before; and a transaction must not
    /// begin on a replica that turns out to be behind. Nor may a write run outside of the transaction that it is of.
    /// </summary>
    public bool MustConfirm => _steps.Exists(static s => s is PreambleStep.Schema or PreambleStep.Settings or PreambleStep.Wait or PreambleStep.Begin);

    /// <summary>Commands without an answer (closing prepared statements), written straight in front.</summary>
    public PacketWriter Writer => _writer;

    public bool IsEmpty => _writer.WrittenCount == 0;

    /// <summary>Adds what brings <paramref name="connection"/> to a session's settings.</summary>
    public void AddSettings(ServerConnection connection, SessionSettings settings)
    {
        // The name goes as UTF-8, and the server takes it for text in the connection's character set.
        bool foreign = connection.Settings.Schema != settings.Schema && !System.Text.Ascii.IsValid(settings.Schema);
        if (foreign)
        {
            AddQuery(PreambleStep.Settings, "SET character_set_client=utf8mb4");
        }

        if (connection.Settings.Schema != settings.Schema)
        {
            SettingsWriter.WriteSchema(_writer, settings.Schema);
            _steps.Add(PreambleStep.Schema);
        }

        if (SettingsWriter.Statement(connection.Settings, settings, connection.Backend.State.Model, withCharset: foreign) is { } set)
        {
            AddQuery(PreambleStep.Settings, set);
        }
    }

    /// <summary>Turns several statements in one query on or off.</summary>
    public void AddMultiStatements(bool on)
    {
        _writer.Begin(0);
        _writer.WriteByte((byte)CommandKind.SetOption);
        _writer.WriteUInt16(on ? (ushort)0 : (ushort)1);
        _writer.End();
        _steps.Add(PreambleStep.MultiStatements);
    }

    public void AddQuery(PreambleStep step, string sql)
    {
        SettingsWriter.WriteQuery(_writer, sql, attributes);
        _steps.Add(step);
    }

    public void AddWait(GtidToken token, TimeSpan timeout)
    {
        _writer.Begin(0);
        QueryCommand.WriteHead(_writer, attributes);
        _writer.WriteBytes(token.WaitStatement(timeout).Span);
        _writer.End();
        _steps.Add(PreambleStep.Wait);
    }

    public static ResponseShape Shape(PreambleStep step) =>
        step is PreambleStep.Schema or PreambleStep.MultiStatements ? ResponseShape.Single : ResponseShape.Results;

    public void Clear()
    {
        _writer.Clear();
        _steps.Clear();
    }

    public void Dispose() => _writer.Dispose();
}
