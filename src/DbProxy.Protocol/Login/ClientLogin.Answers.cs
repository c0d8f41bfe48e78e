using System.Security.Cryptography;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;

namespace DbProxy.Protocol.Login;

/// <summary>What each plugin's answer proves.</summary>
public sealed partial class ClientLogin
{
    // The answer that came with a response to the greeting, of another plugin than mysql_native_password. That of
    // COM_CHANGE_USER was made with a nonce of long ago.
    private LoginStep JudgeFirst(PacketWriter reply)
    {
        var plugin = PluginFor();
        if (_isChangeUser || plugin != ClientPlugin || plugin == AuthPlugins.Ed25519)
        {
            return SwitchTo(plugin, reply);
        }
        return plugin switch
        {
            AuthPlugins.CachingSha2 => JudgeSha2(_response.Span, reply),
            // No answer at all means "ask me": libraries give none where the greeting named another plugin.
            _ when _response.IsEmpty => SwitchTo(plugin, reply),
            AuthPlugins.ClearPassword => Obtained(Whole(_response.Span)),
            _ => OnFullAnswer(_response.Span, Sha256Password.RequestPublicKey, reply),
        };
    }

    // The client's own plugin where it proves or shows the password; a signature proves only a password known here.
    private string PluginFor() => ClientPlugin switch
    {
        AuthPlugins.Sha256 => AuthPlugins.Sha256,
        AuthPlugins.ClearPassword when IsSecure => AuthPlugins.ClearPassword,
        AuthPlugins.Ed25519 when _credential is not null => AuthPlugins.Ed25519,
        _ => AuthPlugins.CachingSha2,
    };

    private LoginStep SwitchTo(string plugin, PacketWriter reply)
    {
        if (plugin == AuthPlugins.Ed25519)
        {
            _nonce = RandomNumberGenerator.GetBytes(Ed25519Signer.NonceLength);
            new AuthSwitchRequest(plugin, _nonce).Write(reply, _nextSequence++);
        }
        else
        {
            _nonce = Nonce.Create();
            AuthSwitchRequest.ForNonce(plugin, _nonce).Write(reply, _nextSequence++);
        }
        _state = plugin switch
        {
            AuthPlugins.NativePassword => State.NativeAnswer,
            AuthPlugins.Sha256 => State.Sha256Answer,
            AuthPlugins.ClearPassword => State.ClearAnswer,
            AuthPlugins.Ed25519 => State.Ed25519Answer,
            _ => State.Sha2Answer,
        };
        return LoginStep.NeedMore;
    }

    private LoginStep OnEd25519Answer(ReadOnlySpan<byte> payload)
    {
        _response = payload.ToArray();
        _state = State.Checking;
        return LoginStep.DecryptPassword;
    }

    // Ed25519 signatures are deterministic, so that who has the password checks one by making it again.
    private LoginStep CheckSignature(PacketWriter reply)
    {
        if (CryptographicOperations.FixedTimeEquals(Ed25519Signer.Sign(_credential!.Password.Span, _nonce), _response.Span))
        {
            return Verified(fastPath: false);
        }
        return _credential.IsConfigured ? Fail(AccessDenied(), reply) : SwitchTo(AuthPlugins.CachingSha2, reply);
    }

    private LoginStep OnNativeAnswer(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        _response = payload.ToArray();
        if (FitsNative(payload))
        {
            return Verified(fastPath: false);
        }
        // A learned password may have changed on the servers: the client's new one comes by the full exchange only.
        return _credential!.IsConfigured ? Fail(AccessDenied(), reply) : SwitchTo(AuthPlugins.CachingSha2, reply);
    }

    private LoginStep OnSha2Answer(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (payload.Length != CachingSha2.Length && !CachingSha2.IsEmptyPassword(payload))
        {
            return Fail(new ErrPacket(MySqlErrors.AuthModeNotSupported,
                $"The client didn't answer as {AuthPlugins.CachingSha2} does. {UsersHint}"), reply);
        }
        _response = payload.ToArray();
        return JudgeSha2(payload, reply);
    }

    private LoginStep JudgeSha2(ReadOnlySpan<byte> response, PacketWriter reply)
    {
        if (CachingSha2.IsEmptyPassword(response))
        {
            return Obtained([]);
        }
        if (_credential is { Password.IsEmpty: false } known
            && CachingSha2.Verify(response, _nonce, known.Sha256OfSha256.Span))
        {
            return Verified(fastPath: true);
        }
        AuthMoreData.Write(reply, _nextSequence++, [CachingSha2.PerformFullAuthentication]);
        _state = State.FullAnswer;
        return LoginStep.NeedMore;
    }

    private LoginStep OnFullAnswer(ReadOnlySpan<byte> payload, byte keyRequest, PacketWriter reply)
    {
        if (payload is [var single] && single == keyRequest)
        {
            AuthMoreData.Write(reply, _nextSequence++, _options.Rsa.PublicKeyPem);
            _state = State.EncryptedPassword;
            return LoginStep.NeedMore;
        }
        // Without TLS a client that has the public key already sends the encrypted password at once. A lone zero byte is an
        // empty password, which sha256_password doesn't encrypt.
        return IsSecure || payload is [0]
            ? Obtained(Whole(payload))
            : OnEncryptedPassword(payload, reply);
    }

    private static byte[] Whole(ReadOnlySpan<byte> password) => (password is [.., 0] ? password[..^1] : password).ToArray();

    private LoginStep OnEncryptedPassword(ReadOnlySpan<byte> payload, PacketWriter reply)
    {
        if (payload.Length != _options.Rsa.EncryptedLength)
        {
            return Fail(AccessDenied(), reply);
        }
        _encrypted = payload.ToArray();
        _state = State.Decrypting;
        return LoginStep.DecryptPassword;
    }

    private bool FitsNative(ReadOnlySpan<byte> response) => _credential is { } known && (known.Password.IsEmpty
        ? response.IsEmpty
        : NativePassword.Verify(response, _nonce, known.Sha1OfSha1.Span));

    // Clients that know no other plugin hash with the nonce of the greeting, or of the last switch, as servers expect it.
    private bool FitsEarlier(bool hasToAnswer)
    {
        if (_response.IsEmpty)
        {
            return hasToAnswer && FitsNative(_response.Span);
        }
        return _credential is { Password.IsEmpty: false } known
            && (Fits(_nonces.Greeting, known) || Fits(_nonces.Last, known));
    }

    private bool Fits(byte[]? nonce, StoredCredential known) =>
        nonce is { Length: Nonce.Length } && NativePassword.Verify(_response.Span, nonce, known.Sha1OfSha1.Span);
}
