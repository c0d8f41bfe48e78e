using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HealthChecks;
using DbProxy.LoadBalancer.Rules;
using Xunit;

namespace DbProxy.Tests.Configuration;

public sealed class FrontEndTests : IDisposable
{
    private const string Backends = """
        "Backends": [ { "Name": "app", "Balance": "leastconn", "Check": { "Kind": "Http", "Path": "/up" },
            "Servers": [ { "Address": "a:80", "Weight": 2 }, { "Address": "b:80", "Name": "spare", "Backup": true, "MaxConnections": 5 } ] } ]
        """;

    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public void A_front_end_alone_needs_no_database_servers()
    {
        var config = Load($$"""
            { "Frontends": [ { "Name": "web", "Mode": "Http", "Listen": [ "127.0.0.1:0", "[::1]:0" ], "Backend": "app",
                "ConnectionRate": { "Permits": 100, "Action": "SilentDrop" },
                "Access": [ { "Sources": [ "10.0.0.0/8", "192.0.2.7" ], "Action": "Allow" }, { "Name": "rest", "PathPrefixes": [ "/admin" ] } ],
                "Http": { "HttpsRedirectPort": 443, "Cookies": [ { "Backend": "app" } ], "RequestHeaders": [ { "Action": "Remove", "Name": "X-Debug" } ] } } ],
              {{Backends}} }
            """).RequireConfig();
        Assert.False(config.ServesMySql);
        var frontend = Assert.Single(config.FrontEnd.Frontends);
        Assert.Equal((FrontendMode.Http, 2, 100), (frontend.Mode, frontend.Listen.Length, frontend.ConnectionRate!.Permits));
        Assert.Equal([("web 1", AccessAction.Allow), ("rest", AccessAction.Deny)], frontend.Access.Select(a => (a.Name, a.Action)));
        Assert.Equal(32, frontend.Access[0].Match.Sources[1].PrefixLength);
        Assert.Equal((443, "SERVERID"), (frontend.Http!.HttpsRedirectPort, frontend.Http.Cookies["app"].Name));
        BackendConfig backend = Assert.Single(config.FrontEnd.Backends);
        Assert.Equal(("leastconn", CheckKind.Http, "/up"), (backend.Balance, backend.Check!.Kind, backend.Check.Path));
        Assert.Equal([("a:80", 2, false, 0), ("spare", 1, true, 5)], backend.Servers.Select(s => (s.Name, s.Weight, s.IsBackup, s.MaxConnections)));
    }

    [Theory]
    [InlineData("\"HttpsRedirectPort\": 443")]
    [InlineData("\"Answers\": [ { \"Status\": 200, \"Body\": \"later\" } ]")]
    public void A_frontend_that_answers_itself_needs_no_backend(string http) =>
        Assert.Empty(Load($"{{ \"Frontends\": [ {{ \"Name\": \"f\", \"Mode\": \"Http\", \"Listen\": [ \":0\" ], \"Http\": {{ {http} }} }} ] }}").Mistakes);

    [Theory]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"nobody\"", "Frontends[0].Backend: there is no backend \"nobody\"; there are app")]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \":0\" ]", "Frontends[0].Backend: missing")]
    [InlineData("\"Name\": \"f\", \"Backend\": \"app\"", "Frontends[0].Listen: no address")]
    [InlineData("\"Listen\": [ \":0\" ], \"Backend\": \"app\"", "Frontends[0].Name: missing")]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \"here:80\" ], \"Backend\": \"app\"", "\"here\" is not an address of this machine")]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Access\": [ { \"Sources\": [ \"10.0.0.0/33\" ] } ]", "Access[0].Sources[0]: \"10.0.0.0/33\" is not a network")]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Access\": [ { \"Methods\": [ \"GET\" ] } ]", "in http mode only")]
    [InlineData("\"Name\": \"f\", \"Mode\": \"Http\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Access\": [ { \"PathPattern\": \"(\" } ]", "not a regular expression")]
    [InlineData("\"Name\": \"f\", \"Mode\": \"Http\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Http\": { \"Answers\": [ { \"Status\": 301 } ] }", "a redirect (301) needs it")]
    [InlineData("\"Name\": \"f\", \"Mode\": \"Http\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Http\": { \"RequestHeaders\": [ { \"Name\": \"a b\" } ] }", "\"a b\" is not a name")]
    [InlineData("\"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"app\", \"Tls\": { \"Enabled\": true, \"Certificates\": [ { \"CertificateFile\": \"/nowhere/x.crt\" } ] }", "Frontends[0].Tls: ")]
    public void Mistakes_are_named_by_their_place(string frontend, string expected)
    {
        var mistake = Assert.Single(Load($"{{ \"Frontends\": [ {{ {frontend} }} ], {Backends} }}").Mistakes);
        Assert.Contains(expected, mistake.ToString());
    }

    [Theory]
    [InlineData("\"Mode\": \"Required\", \"CaFile\": \"/nowhere/ca.crt\"", "Backends[0].Tls.CaFile: mode Required checks no certificate")]
    [InlineData("\"Mode\": \"VerifyFull\", \"KeyFile\": \"/nowhere/x.key\"", "Backends[0].Tls.CertificateFile: missing")]
    [InlineData("\"Mode\": \"VerifyFull\", \"CertificateFile\": \"/nowhere/x.crt\"", "Backends[0].Tls: ")]
    public void Mistakes_in_a_backend_s_tls_are_named(string tls, string expected)
    {
        var mistake = Assert.Single(Load($"{{ \"Frontends\": [ {{ \"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"b\" }} ], \"Backends\": [ {{ \"Name\": \"b\", \"Servers\": [ {{ \"Address\": \"a:1\" }} ], \"Tls\": {{ {tls} }} }} ] }}").Mistakes);
        Assert.Contains(expected, mistake.ToString());
    }

    [Theory]
    [InlineData("\"AgentCheck\": { \"Host\": \"h\" }", "Backends[0].AgentCheck.Port: missing")]
    [InlineData("\"AgentCheck\": { \"Port\": 9, \"Host\": \"h:9\" }", "Backends[0].AgentCheck.Host: \"h:9\" is no host")]
    [InlineData("\"AgentCheck\": { \"Port\": 9 }, \"Check\": { \"Kind\": \"Agent\" }", "Backends[0].AgentCheck: Check asks an agent already")]
    public void Mistakes_in_an_agent_s_check_are_named(string keys, string expected)
    {
        var mistake = Assert.Single(Load($"{{ \"Frontends\": [ {{ \"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"b\" }} ], \"Backends\": [ {{ \"Name\": \"b\", \"Servers\": [ {{ \"Address\": \"a:1\" }} ], {keys} }} ] }}").Mistakes);
        Assert.Contains(expected, mistake.ToString());
    }

    [Fact]
    public void Tls_towards_servers_verifies_as_its_mode_says()
    {
        foreach (var (mode, verify) in new[] { ("VerifyFull", ServerVerification.Identity), ("VerifyCa", ServerVerification.Authority), ("Required", ServerVerification.None) })
        {
            var config = Load($"{{ \"Frontends\": [ {{ \"Name\": \"f\", \"Listen\": [ \":0\" ], \"Backend\": \"b\" }} ], \"Backends\": [ {{ \"Name\": \"b\", \"Servers\": [ {{ \"Address\": \"a:1\" }} ], \"Tls\": {{ \"Mode\": \"{mode}\", \"ServerName\": \"app.internal\" }} }} ] }}").RequireConfig();
            Assert.Equal((verify, "app.internal"), (config.FrontEnd.Backends[0].Tls!.Verify, config.FrontEnd.Backends[0].Tls!.ServerName));
        }
    }

    private DbProxy.Core.Configuration.ConfigResult Load(string json) =>
        DbProxy.Core.Configuration.Loading.ConfigLoader.Load(new() { File = _text.File("front.json", json) });
}
