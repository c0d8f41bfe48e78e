using System.Collections.Concurrent;
using DbProxy.Core.Configuration;
using DbProxy.Protocol.Auth;

namespace DbProxy.Core.Backends;

/// <summary>
/// The users known so far: those of the configuration, and those that a server has admitted through this proxy. In
/// memory only, and only what a server admits. An anonymous account admits any name, so that there is a bound all the same.
/// </summary>
internal sealed class UserDirectory(ConfigStore config, ServerConnector connector)
{
    /// <summary>Beyond so many, users without sessions and connections are forgotten; about 2 KB each.</summary>
    public const int MostUnused = 10_000;

    private readonly ConcurrentDictionary<string, UserAccount> _accounts = new(StringComparer.Ordinal);

    public IEnumerable<UserAccount> Accounts => _accounts.Values;

    /// <summary>Who can be admitted by a password known here; null: a server must be asked.</summary>
    public UserAccount? Find(string name)
    {
        if (_accounts.TryGetValue(name, out UserAccount? account) && !account.IsForgotten)
        {
            return account;
        }

        if (!config.Current.Users.TryGetValue(name, out UserConfig? user))
        {
            return null;
        }

        StoredCredential credential = CredentialOf(user);
        account = _accounts.GetOrAdd(name, _ => Create(name, credential));
        account.Renew(credential);
        return account;
    }

    /// <summary>An account to try a password with; it is known to others only after <see cref="Keep"/>.</summary>
    public UserAccount Create(string name, StoredCredential credential) => new(name, credential, config, connector);

    /// <summary>A server admitted the user with this password: it serves from now on.</summary>
    /// <returns>The user's account, which may be an older one than <paramref name="account"/>.</returns>
    public UserAccount Keep(UserAccount account, StoredCredential accepted)
    {
        UserAccount kept = _accounts.GetOrAdd(account.Name, account);
        kept.Renew(accepted);
        return kept;
    }

    /// <summary>Takes other configured accounts in: a changed password serves from now on, and one that is not configured any more
    /// only once a server has accepted it. Sessions stay.</summary>
    public void Take(IReadOnlyDictionary<string, UserConfig> before, IReadOnlyDictionary<string, UserConfig> now)
    {
        foreach (string name in before.Keys.Union(now.Keys).Where(n => before.GetValueOrDefault(n) != now.GetValueOrDefault(n)))
        {
            if (!_accounts.TryGetValue(name, out UserAccount? account))
            {
                continue;
            }

            if (now.TryGetValue(name, out UserConfig? user))
            {
                account.Renew(CredentialOf(user));
            }
            else if (account.Credential.IsConfigured)
            {
                account.Forget();
            }
        }
    }

    /// <summary>Connections that are open now end with their use: others are to be made in another way.</summary>
    public void RetireConnections()
    {
        foreach (UserAccount account in Accounts)
        {
            account.RetireConnections();
        }
    }

    /// <summary>A session has the account now: what <see cref="Trim"/> may just have taken out is in again, and so swept.</summary>
    public void Remember(UserAccount account) => _accounts.TryAdd(account.Name, account);

    /// <summary>Forgets users that nobody uses, where there are too many; called by the sweep.</summary>
    public void Trim()
    {
        if (_accounts.Count <= MostUnused)
        {
            return;
        }

        foreach (var (name, account) in _accounts)
        {
            if (account.IsUnused)
            {
                _accounts.TryRemove(name, out _);
            }
        }
    }

    private static StoredCredential CredentialOf(UserConfig user) =>
        new(System.Text.Encoding.UTF8.GetBytes(user.Password.Reveal())) { IsConfigured = true };
}
