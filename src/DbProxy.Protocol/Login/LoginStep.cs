namespace DbProxy.Protocol.Login;

/// <summary>What the caller of a login machine has to do next.</summary>
public enum LoginStep
{
    /// <summary>Send the reply (it may be empty), read one more packet and pass it to Receive.</summary>
    NeedMore,

    /// <summary>
    /// Server side of TLS or client side of it: send the reply (the client machine has none), then do the TLS handshake.
    /// Afterwards <see cref="ServerLogin"/> wants TlsEstablished, <see cref="ClientLogin"/> the next Receive.
    /// </summary>
    UpgradeToTls,

    /// <summary><see cref="ClientLogin"/>: look up the user and call Offer.</summary>
    LookupUser,

    /// <summary>
    /// <see cref="ClientLogin"/>: call Decrypt, best on another thread (a millisecond or two of CPU): a password is to be
    /// decrypted or a signature to be checked.
    /// </summary>
    DecryptPassword,

    /// <summary>
    /// <see cref="ClientLogin"/>: the password is known but unproved. Log in to a server with it, then Accept or Reject.
    /// </summary>
    VerifyPassword,

    /// <summary><see cref="ClientLogin"/>: the stored credential fits. Call Accept (or Reject) to answer the client.</summary>
    Accepted,

    /// <summary><see cref="ServerLogin"/>: the server accepted the login.</summary>
    Completed,

    /// <summary>
    /// The login failed; Error says why. <see cref="ClientLogin"/> wrote it to the reply: send it and close.
    /// </summary>
    Failed,
}
