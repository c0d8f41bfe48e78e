namespace DbProxy.Protocol.Auth.Exchanges;

internal sealed class Ed25519Exchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    private const int NonceLength = 32;

    public override ExchangeReply Start() => nonce.Length == NonceLength
        ? ExchangeReply.Send(Ed25519Signer.Sign(context.Password.Span, nonce))
        : ExchangeReply.Fail($"client_ed25519 needs a nonce of {NonceLength} bytes, the server sent {nonce.Length}.");
}
