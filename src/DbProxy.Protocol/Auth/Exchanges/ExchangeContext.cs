namespace DbProxy.Protocol.Auth.Exchanges;

/// <summary>What the plugins know of the login: the secret, and how well the transport protects it.</summary>
internal sealed record ExchangeContext(
    ReadOnlyMemory<byte> Password, bool IsSecure, bool AllowPublicKeyRetrieval, bool AllowClearPassword,
    byte[]? ServerPublicKeyPem)
{
    /// <summary>The password with the zero byte that ends it when it travels whole.</summary>
    public byte[] TerminatedPassword() => [.. Password.Span, 0];

    /// <summary>The password under the server's RSA key.</summary>
    public ExchangeReply Encrypt(ReadOnlySpan<byte> nonce, ReadOnlySpan<byte> publicKeyPem) =>
        RsaPassword.TryEncrypt(Password.Span, nonce, publicKeyPem, out var encrypted)
            ? ExchangeReply.Send(encrypted)
            : ExchangeReply.Fail("The password is too long for the server's RSA key. Use TLS to this server.");

    /// <summary>The request for the server's key, where it is allowed and the key isn't configured.</summary>
    public ExchangeReply EncryptOrRequestKey(ReadOnlySpan<byte> nonce, byte request)
    {
        if (ServerPublicKeyPem is { } pem)
        {
            return Encrypt(nonce, pem);
        }
        return AllowPublicKeyRetrieval
            ? ExchangeReply.Send([request])
            : ExchangeReply.Fail("The server wants the password itself. Use TLS to this server, configure its RSA "
                + "public key, or allow that the key is fetched from it.");
    }
}
