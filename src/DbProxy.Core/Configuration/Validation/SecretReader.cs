using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Fetches passwords from where the options say.</summary>
internal sealed class SecretReader(MistakeList mistakes, Func<string, string?> environment)
{
    /// <summary>The largest password file read: a wrong path must not bring a log file into memory.</summary>
    private const int MaxFileBytes = 4096;

    private static readonly Secret _none = new("");

    public Secret Monitor(MonitorOptions options)
    {
        if (string.IsNullOrEmpty(options.User))
            mistakes.Add("Monitor.User", "missing; name an account that may check the servers, here or by --monitor-user");
        if (options is { Password: not null, PasswordFile: not null })
            mistakes.Add("Monitor.PasswordFile", "Password is given too (DBPROXY_MONITOR_PASSWORD counts as Password); keep one of them");
        else if (options.PasswordFile is { } file)
            return FromFile("Monitor.PasswordFile", file);
        else if (options.Password is null)
            mistakes.Add("Monitor.Password", "missing; set the environment variable DBPROXY_MONITOR_PASSWORD or "
                + "Monitor.PasswordFile (a Password of \"\" is for an account that has none)");
        else return new Secret(options.Password);
        return _none;
    }

    /// <summary>The operators' password; null: none is configured.</summary>
    public Secret? Admin(AdminOptions options)
    {
        if (options is { Password: not null, PasswordFile: not null })
            mistakes.Add("Admin.PasswordFile", "Password is given too (DBPROXY_ADMIN_PASSWORD counts as Password); keep one of them");
        var secret = options.PasswordFile is { } file ? FromFile("Admin.PasswordFile", file)
            : options.Password is { } password ? new Secret(password) : null;
        if (secret?.Utf8.IsEmpty == true && !ReferenceEquals(secret, _none))
            mistakes.Add(options.PasswordFile is null ? "Admin.Password" : "Admin.PasswordFile", "the password is empty; write one, or leave it out to have no actions");
        return secret;
    }

    public IReadOnlyList<UserConfig> Users(List<UserOptions> users)
    {
        var result = new List<UserConfig>();
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < users.Count; i++)
        {
            var path = $"Users[{i}]";
            if (string.IsNullOrEmpty(users[i].Name)) mistakes.Add($"{path}.Name", "missing; write the account's name");
            else if (!names.TryAdd(users[i].Name!, path))
                mistakes.Add($"{path}.Name", $"\"{users[i].Name}\" is also {names[users[i].Name!]}; list each user once");
            result.Add(new UserConfig(users[i].Name ?? "", UserPassword(path, users[i])));
        }
        return result;
    }

    private Secret UserPassword(string path, UserOptions user)
    {
        string?[] given = [user.Password, user.PasswordFile, user.PasswordEnvironment];
        if (given.Count(g => g is not null) != 1)
            mistakes.Add(path, "give exactly one of Password, PasswordFile and PasswordEnvironment");
        else if (user.Password is not null) return new Secret(user.Password);
        else if (user.PasswordFile is not null) return FromFile($"{path}.PasswordFile", user.PasswordFile);
        else if (environment(user.PasswordEnvironment!) is { } value) return new Secret(value);
        else mistakes.Add($"{path}.PasswordEnvironment", $"the environment variable {user.PasswordEnvironment} is not set");
        return _none;
    }

    /// <summary>The password in a file; a mistake is noted where it can't be read.</summary>
    public Secret FromFile(string path, string file)
    {
        try
        {
            if (new FileInfo(file) is { Exists: true, Length: > MaxFileBytes })
                mistakes.Add(path, $"{file} is larger than {MaxFileBytes} bytes, so it is no password file");
            else return new Secret(File.ReadAllText(file).TrimEnd('\r', '\n'));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException)
        {
            mistakes.Add(path, FileProblem.Describe(file, e));
        }
        return _none;
    }
}
