using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Loading;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DbProxy.Tests.Configuration;

/// <summary>Environment over file, flags over both.</summary>
public sealed class OverrideTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void Every_kind_of_key_can_be_overridden_by_the_environment()
    {
        var config = _text.Load(ConfigText.Minimal, new()
        {
            ["DBPROXY_ROUTING__MAXLAG"] = "5s",
            ["DBPROXY_ROUTING__BALANCE"] = "LeastConn",
            ["DBPROXY_LIMITS__MAXALLOWEDPACKET"] = "16MiB",
            ["DBPROXY_LISTEN"] = "127.0.0.1:1, [::1]:2",
            ["DBPROXY_SERVERS__0__WEIGHT"] = "7",
            ["DBPROXY_SERVERS__1__ADDRESS"] = "db2:3306",
            ["DBPROXY_LOGGING__CATEGORIES__DbProxy__Core"] = "debug",
            ["DBPROXY_SERVERVERSION"] = "8.0.40",
            ["DBPROXY_ADMIN__LISTEN"] = "none",
            ["OTHER"] = "x",
        }).RequireConfig();
        Assert.Equal(TimeSpan.FromSeconds(5), config.Routing.MaxLag);
        Assert.Equal(TimeSpan.FromSeconds(2.5), config.Routing.LagRecover);
        Assert.Equal(BalanceMethod.LeastConnections, config.Routing.Balance);
        Assert.Equal(16 << 20, config.Limits.MaxAllowedPacket);
        Assert.Equal([new HostPort("127.0.0.1", 1), new HostPort("::1", 2)], config.Listen.Select(l => l.Address));
        Assert.Equal([("db1:3306", 7), ("db2:3306", 1)], config.Servers.Select(s => (s.Name, s.Weight)));
        Assert.Equal(LogLevel.Debug, config.Logging.Categories["DbProxy.Core"]);
        Assert.Equal("8.0.40", config.ServerVersion);
        Assert.Null(config.Admin.Listen);
    }

    [Fact]
    public void Eleven_servers_from_the_environment_keep_their_order()
    {
        var environment = Enumerable.Range(0, 11).ToDictionary(i => $"DBPROXY_SERVERS__{i}__ADDRESS", i => $"db{i}:3306");
        var servers = _text.Load("""{ "Monitor": { "User": "m", "Password": "" } }""", environment).RequireConfig().Servers;
        Assert.Equal(Enumerable.Range(0, 11).Select(i => $"db{i}"), servers.Select(s => s.Address.Host));
    }

    [Theory]
    [InlineData("DBPROXY_ROUTING__MAXLGA", "1s", "DBPROXY_ROUTING__MAXLGA: \"MAXLGA\" is no key of the configuration; did you mean MaxLag?")]
    [InlineData("DBPROXY_ROUTING_MAXLAG", "1s", "DBPROXY_ROUTING_MAXLAG: no such key; did you mean DBPROXY_ROUTING__MAXLAG?")]
    [InlineData("DBPROXY_ROUTING__MAXLAG", "x", "DBPROXY_ROUTING__MAXLAG Routing.MaxLag: \"x\" is not a duration; write for example \"250ms\", \"10s\" or \"1m\"")]
    [InlineData("DBPROXY_ROUTING", "x", "DBPROXY_ROUTING: it names a section; add __ and one of its keys: MaxLag, LagRecover, Balance, WithoutReplica, CausalReads, CausalWait, PrimaryWait, ReadRetries")]
    [InlineData("DBPROXY_SERVERS__5__ADDRESS", "a:1", "DBPROXY_SERVERS__5__ADDRESS: Servers has no element 1 yet; number the elements without gaps")]
    [InlineData("DBPROXY_SERVERS__X__ADDRESS", "a:1", "DBPROXY_SERVERS__X__ADDRESS: Servers is a list; write DBPROXY_SERVERS__0 for its first element, and so on")]
    [InlineData("DBPROXY_SERVERS__0__ADDRESS", "a", "DBPROXY_SERVERS__0__ADDRESS Servers[0].Address: \"a\" is not an address: the port is missing; write host:port")]
    [InlineData("DBPROXY_POOL__MAXIDLE", "1e2", "DBPROXY_POOL__MAXIDLE Pool.MaxIdle: \"1e2\" is not a whole number")]
    [InlineData("DBPROXY_ROUTING__MAXLAG__X", "1", "DBPROXY_ROUTING__MAXLAG__X: MaxLag is a single value, without keys")]
    public void A_mistake_is_named_by_its_variable(string name, string value, string expected) =>
        Assert.Equal([expected], _text.Mistakes(ConfigText.Minimal, new() { [name] = value }));

    [Fact]
    public void Variables_of_other_programs_are_left_alone() =>
        Assert.Empty(_text.Mistakes(ConfigText.Minimal, new()
        {
            ["DBPROXY_SERVICE_HOST"] = "10.0.0.1",
            ["DBPROXY_PORT_6033_TCP_ADDR"] = "10.0.0.1",
        }));

    [Fact]
    public void Flags_override_environment_and_file_and_replace_lists()
    {
        var config = _text.Load(ConfigText.Minimal, new() { ["DBPROXY_MONITOR__USER"] = "env", ["DBPROXY_LISTEN"] = "e:1" },
            new("--monitor-user", "Monitor.User", "flag"), new("--listen", "Listen", "a:1"), new("--listen", "Listen", "a:2"),
            new("--server", "Servers", "x:1,weight=3,name=first"), new("--server", "Servers", "y:1")).RequireConfig();
        Assert.Equal("flag", config.Monitor.User);
        Assert.Equal(["a:1", "a:2"], config.Listen.Select(l => l.ToString()));
        Assert.Equal([new ServerConfig("first", new("x", 1), 3), new ServerConfig("y:1", new("y", 1), 1)], config.Servers);
    }

    [Theory]
    [InlineData("x:1,wieght=3", "--server x:1,wieght=3: \"wieght=3\" is not understood; write host:port[,weight=N][,name=x]")]
    [InlineData("x:1,weight=0", "--server x:1,weight=0 Servers[0].Weight: 0 is out of range; use 1 to 1000")]
    [InlineData("x", "--server x Servers[0].Address: \"x\" is not an address: the port is missing; write host:port")]
    public void A_mistake_is_named_by_its_flag(string server, string expected) =>
        Assert.Equal([expected], _text.Mistakes(ConfigText.Minimal, null, new FlagValue("--server", "Servers", server)));

    [Fact]
    public void A_stronger_source_replaces_another_form_of_the_password()
    {
        var secret = _text.File("secret", "from file\n");
        var file = $$"""{ "Servers": [ { "Address": "a:1" } ], "Monitor": { "User": "m", "PasswordFile": "{{secret}}" } }""";
        Assert.Equal("from file", _text.Load(file).RequireConfig().Monitor.Password.Reveal());
        var environment = new Dictionary<string, string> { ["DBPROXY_MONITOR_PASSWORD"] = "from environment" };
        Assert.Equal("from environment", _text.Load(file, environment).RequireConfig().Monitor.Password.Reveal());
        Assert.Equal("from file", _text.Load(ConfigText.Minimal, environment,
            new FlagValue("--monitor-password-file", "Monitor.PasswordFile", secret)).RequireConfig().Monitor.Password.Reveal());
    }

    [Fact]
    public void Two_forms_of_a_password_in_one_file_are_a_mistake() =>
        Assert.Contains("keep one of them", Assert.Single(_text.Mistakes(
            """{ "Servers": [ { "Address": "a:1" } ], "Monitor": { "User": "m", "Password": "p", "PasswordFile": "/x" } }""")));

    [Fact]
    public void No_text_of_a_configuration_shows_a_password()
    {
        var config = _text.Load(ConfigText.Minimal.Replace("\"p\"", "\"hunter2\"", StringComparison.Ordinal)).RequireConfig();
        Assert.Equal("hunter2", config.Monitor.Password.Reveal());
        Assert.DoesNotContain("hunter2", config.ToString(), StringComparison.Ordinal);
    }
}
