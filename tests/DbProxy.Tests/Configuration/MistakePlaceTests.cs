using Xunit;

namespace DbProxy.Tests.Configuration;

/// <summary>Every mistake is named by its place and says the fix.</summary>
public sealed class MistakePlaceTests : IDisposable
{
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Theory]
    [InlineData("\"Routing\": { \"MaxLga\": \"1s\" }", "file.json(2,16) Routing.MaxLga: unknown key; did you mean MaxLag?")]
    [InlineData("\"Routing\": { \"maxlag\": \"1s\" }", "file.json(2,16) Routing.maxlag: unknown key; did you mean MaxLag?")]
    [InlineData("\"MaxLag\": \"1s\"", "file.json(2,3) MaxLag: unknown key; did you mean Routing.MaxLag?")]
    [InlineData("\"Admin\": { \"Zzz\": 1 }", "file.json(2,14) Admin.Zzz: unknown key; known here: Listen, User, Password, PasswordFile, ReadsNeedPassword, Tls")]
    [InlineData("\"Routing\": { \"MaxLag\": 10 }", "file.json(2,26) Routing.MaxLag: 10 has no unit; write \"10s\" or \"10ms\"")]
    [InlineData("\"Routing\": { \"MaxLag\": \"10\" }", "file.json(2,26) Routing.MaxLag: \"10\" has no unit; write \"10s\" or \"10ms\"")]
    [InlineData("\"Routing\": { \"MaxLag\": \"1ms\" }", "file.json(2,26) Routing.MaxLag: 1ms is out of range; use 10ms to 30d")]
    [InlineData("\"Routing\": { \"MaxLag\": null }", "file.json(2,26) Routing.MaxLag: null is not allowed here; leave the key out for the default, 10s")]
    [InlineData("\"Routing\": { \"MaxLag\": [] }", "file.json(2,26) Routing.MaxLag: must be a duration such as \"250ms\", \"10s\" or \"1m\"")]
    [InlineData("\"Routing\": { \"LagRecover\": 1.5 }", "file.json(2,30) Routing.LagRecover: 1.5 is out of range; use 0.01 to 1")]
    [InlineData("\"Routing\": { \"Balance\": \"random\" }", "file.json(2,27) Routing.Balance: \"random\" is not one of roundrobin, leastconn")]
    [InlineData("\"Routing\": { \"Balance\": \"RoundRobin\" }", "file.json(2,27) Routing.Balance: \"RoundRobin\" is written \"roundrobin\"")]
    [InlineData("\"Routing\": { \"Balance\": 0 }", "file.json(2,27) Routing.Balance: 0 must be one of \"roundrobin\", \"leastconn\"")]
    [InlineData("\"Routing\": { \"CausalReads\": \"1\" }", "file.json(2,31) Routing.CausalReads: \"1\" is not one of Session, Global, None")]
    [InlineData("\"Routing\": 5", "file.json(2,14) Routing: must be an object: { … }")]
    [InlineData("\"Pool\": { \"MaxConnections\": \"200\" }", "file.json(2,31) Pool.MaxConnections: \"200\" must be a whole number, without quotes")]
    [InlineData("\"Pool\": { \"MaxConnections\": 2.5 }", "file.json(2,31) Pool.MaxConnections: \"2.5\" is not a whole number")]
    [InlineData("\"Pool\": { \"MaxConnections\": 99999999999 }", "file.json(2,31) Pool.MaxConnections: \"99999999999\" is not a whole number")]
    [InlineData("\"Limits\": { \"MaxAllowedPacket\": 1024 }", "file.json(2,35) Limits.MaxAllowedPacket: 1024 has no unit; write \"1024B\" or \"1024MiB\"")]
    [InlineData("\"Limits\": { \"MaxAllowedPacket\": \"2GiB\" }", "file.json(2,35) Limits.MaxAllowedPacket: 2GiB is out of range; use 1KiB to 1GiB")]
    [InlineData("\"Listen\": \"a:1\"", "file.json(2,13) Listen: must be a list: [ … ]")]
    [InlineData("\"Listen\": []", "file.json(2,13) Listen: no address to listen on; add one such as \"127.0.0.1:6033\"")]
    [InlineData("\"Listen\": [\"a:1\", 5]", "file.json(2,21) Listen[1]: 5 must be text in quotes")]
    [InlineData("\"Listen\": [\"a\"]", "file.json(2,14) Listen[0]: \"a\" is not an address: the port is missing; write host:port")]
    [InlineData("\"Listen\": [\"a:70000\"]", "file.json(2,14) Listen[0]: \"a:70000\" is not an address: \"70000\" is not a port; use a number from 1 to 65535")]
    [InlineData("\"Listen\": [\"::1:5\"]", "file.json(2,14) Listen[0]: \"::1:5\" is not an address: write an IPv6 address as [address]:port")]
    [InlineData("\"Listen\": [\"a:1\", \"a:1\"]", "file.json(2,21) Listen[1]: a:1 is also Listen[0]; each listener needs its own address")]
    [InlineData("\"Listen\": [\"127.0.0.1:6070\"]", "Admin.Listen: 127.0.0.1:6070 is also Listen[0]; each listener needs its own address")]
    [InlineData("\"ClientTls\": { \"CertificateFile\": \"/none.crt\" }", "file.json(2,16) ClientTls.KeyFile: missing; CertificateFile needs the file of its private key")]
    [InlineData("\"ServerTls\": { \"Mode\": \"VerifyCa\", \"CaFile\": \"/none/ca.crt\" }", "file.json(2,48) ServerTls.CaFile: there is no file /none/ca.crt")]
    [InlineData("\"ServerVersion\": \"new\"", "file.json(2,20) ServerVersion: \"new\" is not a version; write for example \"8.0.40\"")]
    [InlineData("\"Users\": [ { \"Name\": \"a\" } ]", "file.json(2,14) Users[0]: give exactly one of Password, PasswordFile and PasswordEnvironment")]
    [InlineData("\"Users\": [ { \"Name\": \"a\", \"PasswordEnvironment\": \"NONE\" } ]", "file.json(2,52) Users[0].PasswordEnvironment: the environment variable NONE is not set")]
    [InlineData("\"Logging\": { \"Categories\": { \"X\": \"Loud\" } }", "file.json(2,37) Logging.Categories.X: \"Loud\" is not one of Trace, Debug, Information, Warning, Error, Critical, None")]
    [InlineData("\"Admin\": {}, \"Admin\": {}", "file.json(2,16) Admin: given twice; the first is in line 2")]
    public void One_mistake_is_one_line(string section, string expected) =>
        Assert.Equal([expected], _text.Mistakes(ConfigText.With(section)));

    [Theory]
    [InlineData("{", "file.json(1,2): broken JSON: ")]
    [InlineData("{\n  \"Listen\": [ x ] }", "file.json(2,15): broken JSON: ")]
    [InlineData("", "file.json(1,1): broken JSON: ")]
    [InlineData("[]", "file.json(1,1): the file must hold one object: { … }")]
    [InlineData("{} {}", "file.json(1,4): broken JSON: ")]
    public void Broken_json_is_named_by_line_and_column(string json, string expected) =>
        Assert.StartsWith(expected, Assert.Single(_text.Mistakes(json)), StringComparison.Ordinal);

    [Fact]
    public void Columns_count_characters_not_bytes() =>
        Assert.Equal(["file.json(2,14) Xä: unknown key; known here: Listen, ListenSocketMode, ProxyProtocol, Servers, Monitor, Admin, ClientTls, ServerTls, ClientCompression, ServerCompression, Users, Routing, Pool, Limits, ServerVersion, Frontends, Backends, ReloadOnChange, TakeoverSocket, Logging"],
            _text.Mistakes(ConfigText.With("/* ääää */ \"Xä\": 1")));

    [Fact]
    public void All_mistakes_are_found_at_once_in_the_order_of_the_file()
    {
        var mistakes = _text.Mistakes("""
            {
              "Servers": [
                { "Address": "db1:3306", "Weight": 0 },
                { "Address": "db1:3306" },
                { "Address": "db2:3306", "Name": "db1:3306" },
                { "Adress": "db3:3306" },
                { "Address": ":3306" },
              ],
              "Pool": { "IdleTimeout": "soon" },
              "Routing": { "MaxLag": true },
            }
            """);
        Assert.Equal(
        [
            "file.json(3,40) Servers[0].Weight: 0 is out of range; use 1 to 1000",
            "file.json(4,18) Servers[1].Address: db1:3306 is also Servers[0]; list each server once and use Weight for its share",
            "file.json(5,38) Servers[2].Name: \"db1:3306\" is also the name of Servers[0]; give each server its own name",
            "file.json(6,5) Servers[3].Address: missing; write where the server listens, such as \"db1:3306\"",
            "file.json(6,7) Servers[3].Adress: unknown key; did you mean Address?",
            "file.json(7,18) Servers[4].Address: \":3306\" names no host; write host:port",
            "file.json(9,28) Pool.IdleTimeout: \"soon\" is not a duration; write for example \"250ms\", \"10s\" or \"1m\"",
            "file.json(10,26) Routing.MaxLag: true must be a duration such as \"250ms\", \"10s\" or \"1m\"",
            "Monitor.User: missing; name an account that may check the servers, here or by --monitor-user",
            "Monitor.Password: missing; set the environment variable DBPROXY_MONITOR_PASSWORD or Monitor.PasswordFile (a Password of \"\" is for an account that has none)",
        ], mistakes);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        var loaded = Core.Configuration.Loading.ConfigLoader.Load(new() { File = "/none/x.json" });
        Assert.Equal("/none/x.json: there is no file /none/x.json", Assert.Single(loaded.Mistakes).ToString());
    }
}
