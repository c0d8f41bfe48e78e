using System.Security.Cryptography;

namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>parsec: an empty packet asks for the salt, which the server sends as it is, without a header byte.</summary>
internal sealed class ParsecExchange(ExchangeContext context, byte[] nonce) : ClientExchange
{
    private bool _answered;

    public override bool TakesBareData => true;

    public override ExchangeReply Start() => nonce.Length == Parsec.NonceLength
        ? ExchangeReply.Send([])
        : ExchangeReply.Fail($"parsec needs a nonce of {Parsec.NonceLength} bytes, the server sent {nonce.Length}.");

    public override ExchangeReply Continue(ReadOnlySpan<byte> data)
    {
        if (_answered)
        {
            return base.Continue(data);
        }
        _answered = true;
        return Parsec.Answer(context.Password.Span, data, nonce, RandomNumberGenerator.GetBytes(Parsec.NonceLength)) is { } answer
            ? ExchangeReply.Send(answer)
            : ExchangeReply.Fail("The server's parsec plugin wants a key derivation that the proxy doesn't know.");
    }
}
