using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;
using DbProxy.Protocol.Packets;

namespace DbProxy.Tests.Protocol.Login;

/// <summary>Drives a ClientLogin as the proxy does: a credential store, and a server that knows the right password.</summary>
internal sealed class TestProxy(string rightPassword, StoredCredential? stored, bool offersTls)
{
    public static readonly RsaKeyPair Rsa = RsaKeyPair.Create();

    public List<LoginStep> Steps { get; } = [];

    public ClientLogin Login { get; private set; } = null!;

    public ClientLoginOptions Options { get; init; } = new()
    {
        ServerVersion = "9.7.0", ConnectionId = 42, Rsa = Rsa, TlsAvailable = offersTls, ClientAddress = "127.0.0.1",
        Announced = Capabilities.LongPassword | Capabilities.DeprecateEof | Capabilities.SessionTrack | Capabilities.ConnectWithDb,
    };

    public void Admit(TestClient client)
    {
        Login = new ClientLogin(Options);
        var greeting = Framing.Payload(Login.WriteGreeting);
        Converse(client, client.Answer(greeting), sequence: 1);
    }

    public void ChangeUser(TestClient client, Capabilities negotiated, bool isTls)
    {
        var command = Framing.Payload(w => client.ChangeUser().Write(w, negotiated));
        Login = ClientLogin.ForChangeUser(Options, ChangeUserOf(command, negotiated), negotiated, isTls);
        using var reply = new PacketWriter();
        Steps.Add(LoginStep.LookupUser);
        Deliver(client, React(Login.Offer(stored, reply), reply), reply);
    }

    private static ChangeUser ChangeUserOf(byte[] command, Capabilities negotiated) =>
        DbProxy.Protocol.Packets.ChangeUser.Parse(command, negotiated);

    private void Converse(TestClient client, byte[]? packet, byte sequence)
    {
        if (packet is null)
        {
            return;
        }
        using var reply = new PacketWriter();
        var step = React(Login.Receive(packet, sequence, reply), reply);
        if (step == LoginStep.UpgradeToTls)
        {
            Converse(client, client.Respond(), (byte)(sequence + 1));
            return;
        }
        Deliver(client, step, reply);
    }

    private LoginStep React(LoginStep step, PacketWriter reply)
    {
        Steps.Add(step);
        switch (step)
        {
            case LoginStep.LookupUser:
                return React(Login.Offer(stored, reply), reply);
            case LoginStep.DecryptPassword:
                return React(Login.Decrypt(reply), reply);
            case LoginStep.VerifyPassword when !Login.Password.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(rightPassword)):
                Login.Reject(Login.AccessDenied(), reply);
                return step;
            case LoginStep.VerifyPassword or LoginStep.Accepted:
                Login.Accept(reply, ServerStatus.AutoCommit);
                return step;
            default:
                return step;
        }
    }

    private void Deliver(TestClient client, LoginStep step, PacketWriter reply)
    {
        byte[]? answer = null;
        byte last = 0;
        foreach (var (sequence, payload) in Framing.Split(reply.WrittenSpan))
        {
            last = sequence;
            answer = client.Answer(payload);
        }
        if (step == LoginStep.NeedMore)
        {
            Converse(client, answer, (byte)(last + 1));
        }
    }
}
