using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Auth.Exchanges;
using DbProxy.Protocol.Packets;

namespace DbProxy.Tests.Protocol.Login;

/// <summary>A client that can be told to have another default plugin than the announced one, as old clients have.</summary>
internal sealed class TestClient(string password, string plugin, bool tls)
{
    public const Capabilities Wanted = Capabilities.Protocol41 | Capabilities.LongPassword | Capabilities.SecureConnection
        | Capabilities.PluginAuth | Capabilities.PluginAuthLenencData | Capabilities.DeprecateEof;

    private readonly byte[] _password = System.Text.Encoding.UTF8.GetBytes(password);
    private ClientExchange? _exchange;
    private bool _responded;

    /// <summary>libmysqlclient sends nothing when its plugin isn't the announced one, and waits for the switch.</summary>
    public bool HidesFirstAnswer { get; init; }

    public bool KnowsSha2 { get; init; } = true;

    public Capabilities Capabilities { get; init; } = Wanted;

    /// <summary>The server's RSA key, configured, so that the encrypted password is sent at once.</summary>
    public byte[]? ServerKey { get; init; }

    public List<string> Plugins { get; } = [];

    public bool? Admitted { get; private set; }

    public ErrPacket? Error { get; private set; }

    public HandshakeV10? Greeting { get; private set; }

    /// <summary>Answers a packet; null where it waits, and where it closes (see <see cref="Closed"/>).</summary>
    public byte[]? Answer(byte[] packet)
    {
        if (Greeting is null)
        {
            Greeting = HandshakeV10.Parse(packet);
            return tls ? Framing.Payload(w => new SslRequest(Flags, 1 << 24, 45).Write(w, 1)) : Respond();
        }
        switch (packet[0])
        {
            case OkPacket.Header:
                Admitted = true;
                return null;
            case ErrPacket.Header:
                Admitted = false;
                Error = ErrPacket.Parse(packet);
                return null;
            case AuthSwitchRequest.Header:
                var request = AuthSwitchRequest.Parse(packet);
                return Begin(request.Plugin, request.Nonce.ToArray());
            default:
                return _exchange!.Continue(AuthMoreData.Parse(packet)).Data;
        }
    }

    public bool Closed { get; private set; }

    /// <summary>After TLS was established, or instead of it.</summary>
    public byte[] Respond()
    {
        Assert(!_responded);
        _responded = true;
        var first = HidesFirstAnswer && plugin != Greeting!.AuthPlugin ? [] : Begin(plugin, Greeting!.Nonce)!;
        return Framing.Payload(w => new HandshakeResponse
        {
            Capabilities = Flags, User = "app"u8.ToArray(), AuthPlugin = plugin, AuthResponse = first, CollationId = 45,
        }.Write(w, 1));
    }

    public ChangeUser ChangeUser() => new()
    {
        User = "app"u8.ToArray(), AuthPlugin = plugin, AuthResponse = new byte[_password.Length == 0 ? 0 : 20],
        CollationId = 255, Schema = "other"u8.ToArray(),
    };

    public void Restart() => Admitted = null;

    private Capabilities Flags => tls ? Capabilities | Capabilities.Ssl : Capabilities;

    private byte[]? Begin(string name, byte[] nonce)
    {
        Plugins.Add(name);
        if (name == AuthPlugins.CachingSha2 && !KnowsSha2)
        {
            Closed = true;
            return null;
        }
        _exchange = ClientExchange.For(name, new ExchangeContext(_password, tls, true, AllowClearPassword: true, ServerKey), nonce)!;
        return _exchange.Start().Data;
    }

    private static void Assert(bool condition) => Xunit.Assert.True(condition);
}
