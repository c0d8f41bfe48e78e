using System.CommandLine;
using DbProxy.Core.Configuration.Loading;

namespace DbProxy.Commands;

/// <summary>The flags of <c>run</c> and the keys that they set.</summary>
internal sealed class RunFlags
{
    private readonly List<(Option Flag, string Path)> _keys = [];
    private readonly Option<string> _password = new("--monitor-password") { Hidden = true };

    public RunFlags()
    {
        Repeatable("--listen", "Listen", "host:port",
            "Address for MySQL clients, or unix:/path; repeatable. Default: 127.0.0.1:6033.");
        Repeatable("--server", "Servers", "host:port[,weight=N][,name=x]",
            "A database server, or unix:/path of its socket; repeatable. Which one is the primary is detected.");
        Single("--monitor-user", "Monitor.User", "name",
            "Account for the checks. Its password comes from DBPROXY_MONITOR_PASSWORD or a file.");
        Single("--monitor-password-file", "Monitor.PasswordFile", "file", "File with the monitoring account's password.");
        Single("--admin", "Admin.Listen", "host:port",
            "Address for metrics, statistics page and runtime API, or \"none\". Default: 127.0.0.1:6070.");
        Single("--admin-password-file", "Admin.PasswordFile", "file", "File with the password for actions there; or set DBPROXY_ADMIN_PASSWORD.");
        Single("--takeover", "TakeoverSocket", "file", "Socket at which to take over from a running process, and to be taken over.");
        Single("--log-level", "Logging.Level", "level", "Trace, Debug, Information, Warning, Error, Critical or None.");
        Single("--log-format", "Logging.Format", "format", "Console (text lines) or Json.");
        _password.Validators.Add(result => result.AddError(
            "A password on the command line is readable for everybody on this machine: set the environment variable "
            + "DBPROXY_MONITOR_PASSWORD or use --monitor-password-file."));
    }

    /// <summary>The configuration file; environment variables and the other flags override its keys.</summary>
    public Option<string?> Config { get; } = new("--config", "-c")
    {
        Description = "Configuration file, JSON with comments. Environment variables (DBPROXY_ROUTING__MAXLAG=5s) and flags override it.",
        HelpName = "file",
    };

    public void AddTo(Command command)
    {
        command.Options.Add(Config);
        foreach (var (flag, _) in _keys) command.Options.Add(flag);
        command.Options.Add(_password);
    }

    /// <summary>The flags that were written.</summary>
    public IReadOnlyList<FlagValue> Read(ParseResult parsed) =>
        [.. from key in _keys
            from value in key.Flag is Option<string[]> many ? parsed.GetValue(many) ?? [] : One(parsed, (Option<string?>)key.Flag)
            select new FlagValue(key.Flag.Name, key.Path, value)];

    private static string[] One(ParseResult parsed, Option<string?> flag) =>
        parsed.GetValue(flag) is { } value ? [value] : [];

    private void Single(string name, string path, string helpName, string description) =>
        _keys.Add((new Option<string?>(name) { Description = description, HelpName = helpName }, path));

    private void Repeatable(string name, string path, string helpName, string description) =>
        _keys.Add((new Option<string[]>(name) { Description = description, HelpName = helpName }, path));
}
