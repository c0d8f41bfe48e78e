using System.Text;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;
using Xunit;

namespace DbProxy.IntegrationTests.Logins;

/// <summary>A client whose default plugin is of the test's choice; it can change its user on the way.</summary>
internal sealed class PluginClient(RawClient raw, string plugin, bool tls) : IAsyncDisposable
{
    private static readonly Capabilities Wanted = Capabilities.Protocol41 | Capabilities.SecureConnection | Capabilities.PluginAuth
        | Capabilities.PluginAuthLenencData | Capabilities.LongPassword | Capabilities.ConnectWithDb | Capabilities.Transactions;

    private Capabilities _negotiated;
    private byte[] _nonce = [];

    public RawClient Raw => raw;

    /// <summary>Plugins that the peer asked for.</summary>
    public List<string> Asked { get; } = [];

    /// <summary>The error that ended the last login; null: admitted.</summary>
    public ErrPacket? Error { get; private set; }

    public static async Task<PluginClient> LoginAsync(int port, ClusterAccount account, string plugin, bool tls, string schema = "")
    {
        var client = new PluginClient(await RawClient.DialAsync(port), plugin, tls);
        await client.LoginAsync(account, schema);
        return client;
    }

    public async Task ChangeUserAsync(ClusterAccount account, string schema = "")
    {
        using var writer = new PacketWriter();
        new ChangeUser
        {
            User = Encoding.UTF8.GetBytes(account.User), Schema = Encoding.UTF8.GetBytes(schema), CollationId = 45, AuthPlugin = plugin,
        }.Write(writer, _negotiated);
        await raw.SendBytesAsync(writer.WrittenMemory);
        await ConverseAsync(account);
    }

    public ValueTask DisposeAsync() => raw.DisposeAsync();

    private async Task LoginAsync(ClusterAccount account, string schema)
    {
        Assert.True(HandshakeV10.TryParse((await raw.ReceiveAsync())!, out var greeting, out var error), error?.ToString());
        _negotiated = Wanted & greeting!.Capabilities;
        using var writer = new PacketWriter();
        byte sequence = 1;
        if (tls)
        {
            _negotiated |= Capabilities.Ssl;
            new SslRequest(_negotiated, 1 << 24, 45).Write(writer, sequence++);
            await raw.SendBytesAsync(writer.WrittenMemory);
            writer.Clear();
            await raw.StartTlsAsync();
        }

        // Without an answer where their plugin is not the one that the greeting names, as libraries do.
        var password = Encoding.UTF8.GetBytes(account.Password);
        new HandshakeResponse
        {
            Capabilities = _negotiated, MaxPacketSize = 1 << 24, CollationId = 45, User = Encoding.UTF8.GetBytes(account.User),
            Schema = Encoding.UTF8.GetBytes(schema), AuthPlugin = plugin,
            AuthResponse = plugin == greeting.AuthPlugin ? First(plugin, password, greeting.Nonce) : [],
        }.Write(writer, sequence);
        await raw.SendBytesAsync(writer.WrittenMemory);
        _nonce = greeting.Nonce;
        await ConverseAsync(account);
    }

    private async Task ConverseAsync(ClusterAccount account)
    {
        var password = Encoding.UTF8.GetBytes(account.Password);
        Error = null;
        var current = plugin;
        while (true)
        {
            var packet = await raw.ReceiveAsync() ?? throw new IOException("The peer closed the connection.");
            switch (packet)
            {
                case [OkPacket.Header, ..]:
                    return;
                case [ErrPacket.Header, ..]:
                    Error = ErrPacket.Parse(packet);
                    return;
                case [AuthSwitchRequest.Header, ..]:
                    var request = AuthSwitchRequest.Parse(packet);
                    (current, _nonce) = (request.Plugin, request.Nonce.ToArray());
                    Asked.Add(current);
                    await AnswerAsync(First(current, password, _nonce));
                    break;
                case [AuthMoreData.Header, CachingSha2.FastAuthSuccess]:
                    break;
                case [AuthMoreData.Header, CachingSha2.PerformFullAuthentication]:
                    await AnswerAsync(tls ? [.. password, 0] : [CachingSha2.RequestPublicKey]);
                    break;
                default:
                    Assert.True(RsaPassword.TryEncrypt(password, _nonce, AuthMoreData.Parse(packet), out var encrypted), current);
                    await AnswerAsync(encrypted!);
                    break;
            }
        }
    }

    private byte[] First(string current, byte[] password, byte[] nonce) => current switch
    {
        AuthPlugins.NativePassword => NativePassword.Scramble(password, nonce),
        AuthPlugins.CachingSha2 => CachingSha2.Scramble(password, nonce),
        AuthPlugins.Ed25519 => Ed25519Signer.Sign(password, nonce),
        AuthPlugins.ClearPassword => [.. password, 0],
        AuthPlugins.Sha256 => tls || password.Length == 0 ? [.. password, 0] : [Sha256Password.RequestPublicKey],
        _ => throw new NotSupportedException(current),
    };

    private Task AnswerAsync(byte[] data)
    {
        using var writer = new PacketWriter();
        writer.Begin((byte)(raw.Sequence + 1));
        writer.WriteBytes(data);
        writer.End();
        return raw.SendBytesAsync(writer.WrittenMemory.ToArray());
    }
}
