namespace DbProxy.Protocol.Auth.Exchanges;

internal sealed class Ed25519Exchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    public override ExchangeReply Start() => nonce.Length == Ed25519Signer.NonceLength
        ? ExchangeReply.Send(Ed25519Signer.Sign(context.Password.Span, nonce))
        : ExchangeReply.Fail($"client_ed25519 needs a nonce of {Ed25519Signer.NonceLength} bytes, the server sent {nonce.Length}.");
}
