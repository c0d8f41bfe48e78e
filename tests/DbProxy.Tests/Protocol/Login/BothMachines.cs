using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Login;

namespace DbProxy.Tests.Protocol.Login;

/// <summary>Lets a ServerLogin talk to a ClientLogin in memory.</summary>
internal static class BothMachines
{
    public static ServerLogin Run(ServerLogin outgoing, ClientLoginOptions options, StoredCredential? stored, string right)
    {
        var incoming = new ClientLogin(options);
        using var toOutgoing = new PacketWriter();
        using var toIncoming = new PacketWriter();
        incoming.WriteGreeting(toOutgoing);
        while (true)
        {
            toIncoming.Clear();
            foreach (var (sequence, payload) in Framing.Split(toOutgoing.WrittenSpan))
            {
                if (outgoing.Receive(payload, sequence, toIncoming) is LoginStep.Completed or LoginStep.Failed)
                {
                    return outgoing;
                }
            }
            toOutgoing.Clear();
            foreach (var (sequence, payload) in Framing.Split(toIncoming.WrittenSpan))
            {
                if (incoming.Receive(payload, sequence, toOutgoing) is var step && step == LoginStep.UpgradeToTls)
                {
                    toIncoming.Clear();
                    outgoing.TlsEstablished(toIncoming);
                    var (next, response) = Framing.Split(toIncoming.WrittenSpan).Single();
                    step = incoming.Receive(response, next, toOutgoing);
                }
                Decide(incoming, step, stored, right, toOutgoing);
            }
        }
    }

    private static void Decide(ClientLogin login, LoginStep step, StoredCredential? stored, string right, PacketWriter reply)
    {
        step = step == LoginStep.LookupUser ? login.Offer(stored, reply) : step;
        step = step == LoginStep.DecryptPassword ? login.Decrypt(reply) : step;
        if (step == LoginStep.VerifyPassword && !login.Password.AsSpan().SequenceEqual(System.Text.Encoding.UTF8.GetBytes(right)))
        {
            login.Reject(login.AccessDenied(), reply);
        }
        else if (step is LoginStep.VerifyPassword or LoginStep.Accepted)
        {
            login.Accept(reply, ServerStatus.AutoCommit);
        }
    }
}
