namespace DbProxy.Protocol.Auth.Exchanges;

internal sealed class CachingSha2Exchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    private bool _keyRequested;

    public override ExchangeReply Start() => ExchangeReply.Send(CachingSha2.Scramble(context.Password.Span, nonce));

    public override ExchangeReply Continue(ReadOnlySpan<byte> data)
    {
        if (_keyRequested)
        {
            _keyRequested = false;
            return context.Encrypt(nonce, data);
        }
        switch (data)
        {
            case [CachingSha2.FastAuthSuccess]:
                return ExchangeReply.Wait;
            case [CachingSha2.PerformFullAuthentication] when context.IsSecure:
                return ExchangeReply.Send(context.TerminatedPassword());
            case [CachingSha2.PerformFullAuthentication]:
                _keyRequested = context.ServerPublicKeyPem is null;
                return context.EncryptOrRequestKey(nonce, CachingSha2.RequestPublicKey);
            default:
                return base.Continue(data);
        }
    }
}
