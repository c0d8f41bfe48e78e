using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;
using DbProxy.Tests.Protocol.Packets;
using Xunit;

namespace DbProxy.Tests.Protocol.Login;

/// <summary>A server for a ServerLogin whose every packet the test writes; each method returns the login's answer.</summary>
internal sealed class ScriptedServer
{
    public ScriptedServer(ServerLoginOptions options, Capabilities capabilities, string plugin = AuthPlugins.CachingSha2)
    {
        Login = new ServerLogin(options);
        var greeting = SamplePackets.Greeting(capabilities) with { AuthPlugin = plugin };
        Nonce = greeting.Nonce;
        using var reply = new PacketWriter();
        Step = Login.Receive(Framing.Payload(greeting.Write), 0, reply);
        if (Step == LoginStep.UpgradeToTls)
        {
            BeforeTls = Framing.Split(reply.WrittenSpan).Single().Payload;
            reply.Clear();
            Step = Login.TlsEstablished(reply);
        }
        Assert.Equal(LoginStep.NeedMore, Step);
        var (sequence, response) = Framing.Split(reply.WrittenSpan).Single();
        Assert.Equal(BeforeTls is null ? 1 : 2, sequence);
        Response = HandshakeResponse.Parse(response);
        NextSequence = (byte)(sequence + 1);
    }

    public ServerLogin Login { get; }

    public LoginStep Step { get; private set; }

    public byte[] Nonce { get; }

    public byte[]? BeforeTls { get; }

    public HandshakeResponse? Response { get; }

    public byte NextSequence { get; private set; }

    public byte[]? Switch(string plugin, byte[] nonce, LoginStep? expected = LoginStep.NeedMore) =>
        Send(w => AuthSwitchRequest.ForNonce(plugin, nonce).Write(w, NextSequence), expected);

    public byte[]? More(byte[] data, LoginStep? expected = LoginStep.NeedMore) =>
        Send(w => AuthMoreData.Write(w, NextSequence, data), expected);

    public byte[]? Send(Action<PacketWriter> write, LoginStep? expected = null) => Raw(Framing.Payload(write), expected);

    public byte[]? Raw(byte[] payload, LoginStep? expected)
    {
        using var reply = new PacketWriter();
        Step = Login.Receive(payload, NextSequence, reply);
        NextSequence++;
        if (expected is { } step)
        {
            Assert.Equal(step, Step);
        }
        if (Framing.Split(reply.WrittenSpan) is not [var (sequence, answer)])
        {
            return null;
        }
        Assert.Equal(NextSequence, sequence);
        NextSequence++;
        return answer;
    }
}
