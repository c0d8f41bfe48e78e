namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>The client's half of one authentication plugin's conversation, from one nonce on.</summary>
internal abstract class ClientExchange
{
    /// <summary>
    /// Does the server's plugin send data without the header of <see cref="Packets.AuthMoreData"/>? MariaDB adds it only
    /// where the data would be taken for another packet.
    /// </summary>
    public virtual bool TakesBareData => false;

    /// <summary>The answer to the nonce.</summary>
    public abstract ExchangeReply Start();

    /// <summary>The answer to further data of the server's plugin.</summary>
    public virtual ExchangeReply Continue(ReadOnlySpan<byte> data) =>
        ExchangeReply.Fail("The server's authentication plugin sent data that this plugin doesn't expect.");

    /// <summary>The plugin's conversation, or null for a plugin that isn't supported.</summary>
    public static ClientExchange? For(string plugin, ExchangeContext context, byte[] nonce) => plugin switch
    {
        AuthPlugins.NativePassword => new NativeExchange(context, nonce),
        AuthPlugins.CachingSha2 => new CachingSha2Exchange(context, nonce),
        AuthPlugins.Sha256 => new Sha256Exchange(context, nonce),
        AuthPlugins.ClearPassword => new ClearExchange(context),
        AuthPlugins.Ed25519 => new Ed25519Exchange(context, nonce),
        AuthPlugins.Parsec => new ParsecExchange(context, nonce),
        _ => null,
    };
}
