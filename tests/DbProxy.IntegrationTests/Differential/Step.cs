using System.Text;
using DbProxy.Protocol;

namespace DbProxy.IntegrationTests.Differential;

/// <summary>One command and how its answer is read.</summary>
internal sealed record Step(string Name, Func<RawClient, AnswerReader, Task> Run)
{
    public static Step Query(string sql, string? file = null) => new($"query {sql}", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.Query, (byte[])[.. Attributes.None(client), .. Encoding.UTF8.GetBytes(sql)]);
        await answer.ResultsAsync(file);
    });

    /// <summary>A query with an attribute of each kind in front.</summary>
    public static Step Query(string sql, IReadOnlyList<(string Name, object? Value)> attributes) => new($"query {sql} with {attributes.Count} attributes", async (client, answer) =>
    {
        using var writer = new PacketWriter();
        Attributes.WriteFor(writer, attributes);
        writer.WriteText(sql);
        await client.CommandAsync(CommandKind.Query, writer.WrittenMemory);
        await answer.ResultsAsync();
    });

    public static Step Prepare(string name, string sql) => new($"prepare {name}: {(sql.Length > 100 ? sql[..100] : sql)}", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.StmtPrepare, Encoding.UTF8.GetBytes(sql));
        if (await answer.PreparedAsync() is { } id)
        {
            client.Statements[name] = id;
        }
    });

    /// <summary>Parameters are long, string or null; <paramref name="sendTypes"/> is false where the server knows them.</summary>
    public static Step Execute(string name, object?[] parameters, bool cursor = false, bool sendTypes = true,
        IReadOnlyList<(string Name, object? Value)>? attributes = null) =>
        new($"execute {name} ({string.Join(", ", parameters)}){(cursor ? " with a cursor" : "")}", async (client, answer) =>
        {
            using var writer = new PacketWriter();
            writer.WriteUInt32(Id(client, name));
            bool named = client.Negotiated.HasFlag(Capabilities.QueryAttributes);
            writer.WriteByte((byte)((cursor ? 1 : 0) | (named ? Attributes.CountFlag : 0)));
            writer.WriteUInt32(1);
            if (named)
            {
                Attributes.WriteExecute(writer, parameters, attributes ?? [], sendTypes);
            }
            else
            {
                WriteParameters(writer, parameters, sendTypes);
            }

            await client.CommandAsync(CommandKind.StmtExecute, writer.WrittenMemory);
            await answer.ResultsAsync();
        });

    public static Step LongData(string name, ushort parameter, string data) => new($"long data for {name}", async (client, _) =>
    {
        using var writer = new PacketWriter();
        writer.WriteUInt32(Id(client, name));
        writer.WriteUInt16(parameter);
        writer.WriteText(data);
        await client.CommandAsync(CommandKind.StmtSendLongData, writer.WrittenMemory);
    });

    public static Step Fetch(string name, uint rows) => new($"fetch {rows} of {name}", async (client, answer) =>
    {
        using var writer = new PacketWriter();
        writer.WriteUInt32(Id(client, name));
        writer.WriteUInt32(rows);
        await client.CommandAsync(CommandKind.StmtFetch, writer.WrittenMemory);
        await answer.ToEndAsync();
    });

    public static Step ResetStatement(string name) => new($"reset {name}", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.StmtReset, BitConverter.GetBytes(Id(client, name)));
        await answer.SingleAsync();
    });

    public static Step Close(string name) => new($"close {name}", (client, _) =>
        client.CommandAsync(CommandKind.StmtClose, BitConverter.GetBytes(Id(client, name))));

    /// <summary>A command with one OK, EOF or ERR packet as its answer.</summary>
    public static Step Command(CommandKind kind, params byte[] rest) => new($"{kind} {Convert.ToHexString(rest)}", async (client, answer) =>
    {
        await client.CommandAsync(kind, rest);
        await answer.SingleAsync();
    });

    public static Step InitDb(string schema) => new($"schema {schema}", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.InitDb, Encoding.UTF8.GetBytes(schema));
        await answer.SchemaAsync();
    });

    public static Step FieldList(string table, string wildcard) => new($"fields of {table} like '{wildcard}'", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.FieldList, Encoding.UTF8.GetBytes($"{table}\0{wildcard}"));
        await answer.ToEndAsync(definitions: true);
    });

    public static Step Statistics { get; } = new("statistics", async (client, answer) =>
    {
        await client.CommandAsync(CommandKind.Statistics, default);
        await answer.TextAsync();
    });

    public static Step ChangeUser(string schema) => new($"change user, schema '{schema}'", async (client, answer) =>
        answer.Login(await client.ChangeUserAsync(schema)));

    // An id that no peer gives stands for a statement that was never prepared.
    private static uint Id(RawClient client, string name) => client.Statements.GetValueOrDefault(name, 4_000_000_000);

    private static void WriteParameters(PacketWriter writer, object?[] parameters, bool sendTypes)
    {
        if (parameters.Length == 0)
        {
            return;
        }

        byte[] nulls = new byte[(parameters.Length + 7) / 8];
        for (int i = 0; i < parameters.Length; i++)
        {
            nulls[i / 8] |= (byte)(parameters[i] is null ? 1 << (i % 8) : 0);
        }

        writer.WriteBytes(nulls);
        writer.WriteByte(sendTypes ? (byte)1 : (byte)0);
        foreach (object? parameter in sendTypes ? parameters : [])
        {
            writer.WriteUInt16((ushort)Attributes.Type(parameter));
        }

        foreach (object? parameter in parameters)
        {
            Attributes.WriteValue(writer, parameter);
        }
    }
}
