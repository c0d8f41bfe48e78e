namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>sha256_password: the password travels at each login, over TLS or under the server's RSA key.</summary>
internal sealed class Sha256Exchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    public override ExchangeReply Start()
    {
        // An empty password is a lone zero byte in clear text too: nothing to protect.
        return context.Password.IsEmpty || context.IsSecure
            ? ExchangeReply.Send(context.TerminatedPassword())
            : context.EncryptOrRequestKey(nonce, Sha256Password.RequestPublicKey);
    }

    public override ExchangeReply Continue(ReadOnlySpan<byte> data) => context.Encrypt(nonce, data);
}
