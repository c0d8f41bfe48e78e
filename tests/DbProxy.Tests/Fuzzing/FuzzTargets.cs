using System.Text;
using CsCheck;
using DbProxy.Core.Channels;
using DbProxy.Core.Gtids;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Protocol.Responses;
using DbProxy.Sql;
using DbProxy.Tests.Channels;
using DbProxy.Tests.Protocol;
using DbProxy.Tests.Protocol.Login;
using DbProxy.Tests.Protocol.Packets;
using DbProxy.Tests.Protocol.Responses;
using DbProxy.Tests.Sql;
using Xunit;

namespace DbProxy.Tests.Fuzzing;

/// <summary>What reads bytes of strangers: each takes any bytes without another exception than the one that it promises.</summary>
internal static class FuzzTargets
{
    private const int MaxPacket = 4096;

    /// <summary>By name: samples to damage, and the code that must survive them.</summary>
    public static IReadOnlyDictionary<string, (IReadOnlyList<byte[]> Corpus, Action<byte[]> Run)> All { get; } =
        new Dictionary<string, (IReadOnlyList<byte[]>, Action<byte[]>)>
        {
            ["lexer"] = ([.. ReadStatements.All.Concat(WriteStatements.Selects).Concat(WriteStatements.Others).Select(Encoding.UTF8.GetBytes)], Lex),
            ["packets"] = ([.. SamplePackets.All().Select(p => Framed(p))], Read),
            ["client login"] = ([.. Conversations()], Login),
            ["server login"] = ([.. SamplePackets.All().Select(p => Framed(p))], LogIn),
            ["responses"] = ([.. ResponseGen.Any.Array[60].Single().Select(r => ResponseEncoder.AsSent(r, new(true, true)))], Scan),
            ["gtids"] =
            (
                [.. new[] { "3E11FA47-71CA-11E1-9E33-C80AA9429562:1-5:7,4E11FA47-71CA-11E1-9E33-C80AA9429562:23", "0-1-42,1-2-7", "" }
                    .Select(Encoding.UTF8.GetBytes)],
                Gtids
            ),
        };

    private static void Lex(byte[] sql)
    {
        Span<byte> digest = stackalloc byte[64];
        foreach (var modes in new[] { LexerModes.None, LexerModes.AnsiQuotes | LexerModes.NoBackslashEscapes | LexerModes.MariaDb, LexerModes.Gbk, LexerModes.ShiftJis })
        {
            var statement = StatementClassifier.Classify(sql, modes);
            // What the classifier takes for a read must stay one behind blanks: they change nothing on any server.
            if (statement.Access == StatementAccess.Read)
                Assert.Equal(StatementAccess.Read, StatementClassifier.Classify([(byte)' ', .. sql], modes).Access);
            StatementDigest.Compute(sql, modes);
            StatementDigest.Normalize(sql, digest, modes);
        }
    }

    private static void Read(byte[] bytes)
    {
        var random = new Random(bytes.Length);
        var channel = new ScriptedChannel(bytes, () => random.Next(1, 50));
        using var input = new PacketInput(channel) { MaxPacket = MaxPacket };
        while (input.ReadAsync(-1).AsTask().GetAwaiter().GetResult() is var result && result == InputResult.Packet)
            Assert.InRange(input.Payload.Length, 0, MaxPacket);
        // A length that lies must not make the reader hold more than what really came.
        Assert.InRange(channel.LargestBuffer, 0, 64 << 10);
    }

    private static void Login(byte[] conversation)
    {
        var login = new ClientLogin(new()
        {
            ServerVersion = "9.7.0", ConnectionId = 42, Rsa = TestProxy.Rsa, TlsAvailable = true, ClientAddress = "127.0.0.1",
            Announced = Capabilities.LongPassword | Capabilities.DeprecateEof | Capabilities.SessionTrack | Capabilities.ConnectWithDb,
        });
        using var reply = new PacketWriter();
        login.WriteGreeting(reply);
        foreach (var (sequence, payload) in Packets(conversation))
        {
            reply.Clear();
            var step = login.Receive(payload, sequence, reply);
            step = step == LoginStep.LookupUser ? login.Offer(null, reply) : step;
            step = step == LoginStep.DecryptPassword ? login.Decrypt(reply) : step;
            if (step is not (LoginStep.NeedMore or LoginStep.UpgradeToTls))
            {
                // Without the password nobody gets in; here nobody ever says what it is.
                Assert.NotEqual(LoginStep.Accepted, step);
                return;
            }
        }
    }

    private static void LogIn(byte[] conversation)
    {
        var login = new ServerLogin(new() { User = "app"u8.ToArray(), Password = "secret"u8.ToArray(), Capabilities = SamplePackets.MySql });
        using var reply = new PacketWriter();
        foreach (var (sequence, payload) in Packets(conversation))
        {
            reply.Clear();
            if (login.Receive(payload, sequence, reply) != LoginStep.NeedMore)
                return;
        }
    }

    private static void Scan(byte[] response)
    {
        foreach (var shape in Enum.GetValues<ResponseShape>())
        {
            var tracker = new ResponseTracker();
            tracker.Begin(shape, new(true, false, true, false, 0), statementId: 9);
            try
            {
                // The harness itself watches for looks behind the received bytes and for scans without progress.
                new ScanHarness(tracker, blockSize: 48).Run(response, () => 7);
            }
            catch (MalformedPacketException)
            {
                // The one exception that is promised.
            }
        }
    }

    private static void Gtids(byte[] text)
    {
        GtidToken.Parse(text);
        GtidSet.Parse(text);
    }

    /// <summary>Whole logins, packet behind packet as a client sends them.</summary>
    private static IEnumerable<byte[]> Conversations()
    {
        foreach (var plugin in new[] { AuthPlugins.CachingSha2, AuthPlugins.NativePassword, "mysql_clear_password" })
        {
            var response = Framing.Payload(w => (SamplePackets.Response(SamplePackets.MySql) with { AuthPlugin = plugin }).Write(w, 1));
            yield return [.. Framed(response, 1), .. Framed([2], 3), .. Framed(new byte[256], 5)];
            yield return [.. Framed(Framing.Payload(w => new SslRequest(SamplePackets.MySql, 1 << 24, 45).Write(w, 1)), 1), .. Framed(response, 2)];
        }
    }

    private static IEnumerable<(byte Sequence, byte[] Payload)> Packets(byte[] bytes)
    {
        while (bytes.Length >= 4)
        {
            var length = Math.Min(bytes.Length - 4, bytes[0] | (bytes[1] << 8) | (bytes[2] << 16));
            yield return (bytes[3], bytes[4..(4 + length)]);
            bytes = bytes[(4 + length)..];
        }
    }

    private static byte[] Framed(byte[] payload, byte sequence = 0) =>
        [(byte)payload.Length, (byte)(payload.Length >> 8), (byte)(payload.Length >> 16), sequence, .. payload];
}
