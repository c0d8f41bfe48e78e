namespace DbProxy.Protocol.Auth;

/// <summary>What the proxy keeps of a user to admit it again and to log in to servers. Immutable.</summary>
/// <remarks>The plaintext is needed: each plugin of a server derives another answer from it.</remarks>
public sealed class StoredCredential
{
    /// <summary>Takes a password (UTF-8; empty is a password too) and computes its hashes.</summary>
    public StoredCredential(ReadOnlySpan<byte> password)
    {
        Password = password.ToArray();
        Sha1OfSha1 = NativePassword.Store(password);
        Sha256OfSha256 = CachingSha2.Store(password);
    }

    /// <summary>The plaintext.</summary>
    public ReadOnlyMemory<byte> Password { get; }

    /// <summary>SHA1(SHA1(password)), for mysql_native_password.</summary>
    public ReadOnlyMemory<byte> Sha1OfSha1 { get; }

    /// <summary>SHA256(SHA256(password)), for the fast path of caching_sha2_password.</summary>
    public ReadOnlyMemory<byte> Sha256OfSha256 { get; }

    /// <summary>
    /// Does it come from the configuration's Users? Then a wrong mysql_native_password answer is refused at once; a
    /// learned password may have been changed since, so that the client is asked for the new one instead.
    /// </summary>
    public bool IsConfigured { get; init; }
}
