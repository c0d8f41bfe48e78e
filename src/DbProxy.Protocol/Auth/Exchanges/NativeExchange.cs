namespace DbProxy.Protocol.Auth.Exchanges;

internal sealed class NativeExchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    public override ExchangeReply Start() =>
        ExchangeReply.Send(NativePassword.Scramble(context.Password.Span, nonce));
}
