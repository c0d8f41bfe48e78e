using System.Collections.Concurrent;
using System.Collections.Immutable;
using DbProxy.Core.Configuration;
using DbProxy.Protocol.Auth;

namespace DbProxy.Core.Backends;

/// <summary>
/// The users known so far: those of the configuration, and those that a server has admitted through this proxy. In
/// memory only. Bounded by the number of accounts on the servers, because only what a server admits is kept.
/// </summary>
internal sealed class UserDirectory(ImmutableArray<ServerBackend> backends, ConfigStore config, ServerConnector connector)
{
    private readonly ConcurrentDictionary<string, UserAccount> _accounts = new(StringComparer.Ordinal);

    public IEnumerable<UserAccount> Accounts => _accounts.Values;

    public ImmutableArray<ServerBackend> Backends => backends;

    public UserAccount? Find(string name)
    {
        if (_accounts.TryGetValue(name, out UserAccount? account))
        {
            return account;
        }

        return config.Current.Users.TryGetValue(name, out UserConfig? user)
            ? _accounts.GetOrAdd(name, _ => Create(name, new StoredCredential(System.Text.Encoding.UTF8.GetBytes(user.Password.Reveal())) { IsConfigured = true }))
            : null;
    }

    /// <summary>An account to try a password with; it is known to others only after <see cref="Keep"/>.</summary>
    public UserAccount Create(string name, StoredCredential credential) => new(name, credential, backends, config, connector);

    /// <summary>A server admitted the account: it serves from now on, and an older password's connections close.</summary>
    public UserAccount Keep(UserAccount account)
    {
        UserAccount kept = _accounts.AddOrUpdate(
            account.Name, account, (_, old) => SamePassword(old, account) ? old : account);
        if (kept != account)
        {
            account.CloseAllIdle();
        }

        return kept;
    }

    /// <summary>A server refused the account: the password was changed or the user is gone.</summary>
    public void Forget(UserAccount account)
    {
        if (_accounts.TryRemove(new KeyValuePair<string, UserAccount>(account.Name, account)))
        {
            account.CloseAllIdle();
        }
    }

    private static bool SamePassword(UserAccount old, UserAccount other) =>
        System.Security.Cryptography.CryptographicOperations.FixedTimeEquals(
            old.Credential.Password.Span, other.Credential.Password.Span);
}
