namespace DbProxy.Protocol.Auth;

/// <summary>sha256_password: the password itself travels, over TLS or under the server's RSA key.</summary>
/// <remarks>Source: MySQL internals manual, "SHA-256 authentication".</remarks>
public static class Sha256Password
{
    /// <summary>Client: "send me the RSA public key".</summary>
    public const byte RequestPublicKey = 0x01;
}
