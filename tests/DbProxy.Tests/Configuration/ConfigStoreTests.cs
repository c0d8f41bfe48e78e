using DbProxy.Core.Configuration;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class ConfigStoreTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_reload_takes_the_live_sections_and_names_the_others()
    {
        var store = new ConfigStore(_text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load("""
            { "Servers": [ { "Address": "other:1" } ], "Monitor": { "User": "m", "Password": "q" },
              "Routing": { "MaxLag": "1s" }, "Pool": { "MaxAge": "2h" }, "Limits": { "MaxSessions": 5 }, "Logging": { "Categories": { "X": "Debug" } } }
            """));
        var before = store.Current;
        var result = store.TryReload();
        Assert.True(result.Applied);
        Assert.Equal(["Servers", "Monitor", "Logging"], result.NeedRestart);
        Assert.Equal((TimeSpan.FromSeconds(1), TimeSpan.FromHours(2), 5),
            (store.Current.Routing.MaxLag, store.Current.Pool.MaxAge, store.Current.Limits.MaxSessions));
        Assert.Equal("db1", store.Current.Servers[0].Address.Host);
        Assert.Equal(TimeSpan.FromSeconds(10), before.Routing.MaxLag);
    }

    [Fact]
    public void A_reload_with_a_mistake_keeps_the_last_good_configuration()
    {
        var store = new ConfigStore(_text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load("{"));
        var before = store.Current;
        var result = store.TryReload();
        Assert.False(result.Applied);
        Assert.Single(result.Mistakes);
        Assert.Same(before, store.Current);
    }

    [Fact]
    public void An_unchanged_file_needs_no_restart() => Assert.Empty(new ConfigStore(
        _text.Load(ConfigText.Minimal).RequireConfig(), () => _text.Load(ConfigText.Minimal)).TryReload().NeedRestart);

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
