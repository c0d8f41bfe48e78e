using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Reloading;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class ConfigStoreTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task A_reload_takes_the_live_sections_and_names_the_others()
    {
        var store = new ConfigStore(_text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load("""
            { "Servers": [ { "Address": "other:1" } ], "Monitor": { "User": "m", "Password": "q" },
              "Routing": { "MaxLag": "1s" }, "Pool": { "MaxAge": "2h" }, "Limits": { "MaxSessions": 5 }, "Logging": { "Format": "Json", "Level": "Debug" } }
            """));
        var before = store.Current;
        var result = await store.ReloadAsync();
        Assert.True(result.Applied);
        Assert.Equal(["Logging.Format"], result.NeedRestart);
        Assert.Equal((LogFormat.Console, LogLevel.Debug), (store.Current.Logging.Format, store.Current.Logging.Level));
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromHours(2), 5),
            (store.Current.Routing.MaxLag, store.Current.Pool.MaxAge, store.Current.Limits.MaxSessions));
        Assert.Equal("other", store.Current.Servers[0].Address.Host);
        Assert.Equal(TimeSpan.FromSeconds(10), before.Routing.MaxLag);
    }

    [Fact]
    public async Task A_reload_with_a_mistake_keeps_the_last_good_configuration()
    {
        var store = new ConfigStore(_text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load("{"));
        var before = store.Current;
        var result = await store.ReloadAsync();
        Assert.False(result.Applied);
        Assert.Single(result.Mistakes);
        Assert.Same(before, store.Current);
    }

    [Fact]
    public async Task An_unchanged_file_needs_no_restart() => Assert.Empty((await new ConfigStore(
        _text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load(ConfigText.Minimal)).ReloadAsync()).NeedRestart);

    [Fact]
    public async Task A_part_that_cannot_follow_refuses_the_whole_and_what_others_opened_is_closed()
    {
        var store = new ConfigStore(_text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load(ConfigText.With("\"Limits\": { \"MaxSessions\": 5 }")));
        var (before, log, fails) = (store.Current, new List<string>(), true);
        store.Attach(next => Task.FromResult<IPreparedChange>(new PreparedChange(
            () => log.Add($"made {next.Limits.MaxSessions} {store.Current.Limits.MaxSessions}"), () => Task.Run(() => log.Add("undone")))));
        store.Attach(_ => fails ? throw new ConfigException([new("", "Listen", "taken")]) : Task.FromResult<IPreparedChange>(new ChangeSet()));
        store.Reloaded += result => log.Add($"{result.Applied}");
        Assert.Equal("Listen: taken", Assert.Single((await store.ReloadAsync()).Mistakes).ToString());
        Assert.Same(before, store.Current);
        fails = false;
        Assert.True((await store.ReloadAsync()).Applied);
        Assert.Equal(["undone", "False", "made 5 5", "True"], log);
    }

    [Fact]
    public void Options_made_by_code_are_validated_too()
    {
        var options = new ProxyOptions { Servers = [new() { Address = "a:1" }], Monitor = new() { User = "m", Password = "" } };
        Assert.Equal("a:1", ProxyConfig.From(options).Servers[0].Name);
        options.Pool.MaxIdle = -1;
        var error = Assert.Throws<ConfigException>(() => ProxyConfig.From(options));
        Assert.Equal("Pool.MaxIdle: -1 is out of range; use 0 to 100000", error.Message);
    }
}
