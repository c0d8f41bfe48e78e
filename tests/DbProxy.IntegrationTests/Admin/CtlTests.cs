using System.CommandLine;
using System.Text.Json;
using DbProxy.Commands;
using DbProxy.IntegrationTests.Admin.Parts;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;
using DbProxy.LoadBalancer.Servers;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Admin;

/// <summary><c>dbproxy ctl</c> against a proxy that runs.</summary>
public sealed class CtlTests : IDisposable
{
    private readonly string _password = Path.GetTempFileName();

    public CtlTests() => File.WriteAllText(_password, AdminBed.Password + "\n");

    public void Dispose() => File.Delete(_password);

    [Fact]
    public async Task Servers_are_shown_changed_added_and_deleted()
    {
        await using var bed = await AdminBed.StartAsync();
        await DoesAsync(bed, "set", "server", "apps/a", "state", "drain", "--reason", "new kernel");
        await DoesAsync(bed, "set", "server", "apps/b", "weight", "7");
        await DoesAsync(bed, "set", "server", "apps/b", "maxconn", "9");
        await DoesAsync(bed, "add", "server", "apps/c", "127.0.0.1:9", "--weight", "0", "--backup");
        var shown = await DoesAsync(bed, "show", "servers");
        Assert.Contains(Line(shown, "apps/a"), l => l.Contains("DRAIN", StringComparison.Ordinal) && l.Contains("new kernel", StringComparison.Ordinal));
        Assert.Contains(Line(shown, "apps/b"), l => l.Contains("UP", StringComparison.Ordinal));
        Assert.Single(Line(shown, "apps/c"));
        var b = bed.Balancer.Backends["apps"].Servers[1];
        Assert.Equal((7, 9), (b.Config.Weight, b.Config.MaxConnections));
        await DoesAsync(bed, "set", "server", "apps/b", "address", "127.0.0.1:8");
        Assert.Equal(8, b.Config.Port);
        await DoesAsync(bed, "del", "server", "apps/c");
        await DoesAsync(bed, "set", "server", "apps/a", "state", "ready");
        Assert.Equal(["a", "b"], bed.Balancer.Backends["apps"].Servers.Select(s => s.Name));
        Assert.Equal(AdminState.Ready, bed.Balancer.Backends["apps"].Servers[0].Status.Admin);
    }

    [Fact]
    public async Task Everything_else_is_shown_too_and_as_json()
    {
        await using var bed = await AdminBed.StartAsync(o => o.Frontends[0].Tls.Enabled = true);
        foreach (var (what, text) in ((string, string)[])[("info", "memory"), ("frontends", "web"), ("backends", "apps"), ("certificates", "CN=dbproxy"), ("config", "file: none"), ("sessions", "session")])
            Assert.Contains(text, await DoesAsync(bed, "show", what), StringComparison.Ordinal);
        foreach (var what in (string[])["info", "frontends", "backends", "servers", "certificates", "config", "sessions"])
            JsonDocument.Parse(await DoesAsync(bed, "show", what, "--json")).Dispose();
        await DoesAsync(bed, "reset", "counters");
    }

    [Fact]
    public async Task A_database_server_is_taken_out_and_a_session_ended()
    {
        await using var mysql = await TestBed.StartAsync(Flavor.MySql);
        await using var bed = await AdminBed.StartAsync(proxy: mysql.Proxy.Server);
        await using var session = await mysql.OpenAsync();
        Assert.Equal("insert, a write: s1 (write)", (await DoesAsync(bed, "explain", "INSERT INTO t VALUES (1)")).TrimEnd());
        Assert.Matches("^select, a read: s[123] \\(", await DoesAsync(bed, "explain", "SELECT 1"));
        Assert.Contains("locks_rows", await DoesAsync(bed, "explain", "SELECT 1 FROM t FOR UPDATE", "--json"), StringComparison.Ordinal);
        await DoesAsync(bed, "set", "mysql", "s2", "state", "maint", "--reason", "disk");
        Assert.Contains("maint (disk)", await DoesAsync(bed, "show", "mysql"), StringComparison.Ordinal);
        for (var i = 0; i < 10; i++)
            Assert.NotEqual(2, await session.ServerIdAsync());
        var id = $"mysql:{await session.NumberAsync("SELECT CONNECTION_ID()")}";
        Assert.Contains(id, await DoesAsync(bed, "show", "sessions", "--search", "idle"), StringComparison.Ordinal);
        await DoesAsync(bed, "kill", "session", id);
        await Eventually.IsTrueAsync(async () => !(await DoesAsync(bed, "show", "sessions")).Contains(id, StringComparison.Ordinal), () => "it is gone");
        Assert.Equal("Of 0 sessions 0 are left.", (await DoesAsync(bed, "retire", "peer", "192.0.2.1", "--wait", "0.5")).TrimEnd());
        Assert.Equal((1, "A value can't be used: peer: \"x\" is not an IP address."), await RunAsync("ctl", "retire", "peer", "x", "-a", bed.Address.ToString(), "--password-file", _password));
    }

    [Fact]
    public async Task Database_servers_are_added_moved_and_deleted()
    {
        await using var mysql = await TestBed.StartAsync(Flavor.MySql, o =>
        {
            o.Servers.RemoveAt(2);
            // A busy machine must not take the one that is to answer out.
            (o.Monitor.ConnectTimeout, o.Monitor.Timeout, o.Routing.MaxLag) = (TimeSpan.FromSeconds(10), TimeSpan.FromSeconds(10), TimeSpan.FromMinutes(10));
        });
        await using var bed = await AdminBed.StartAsync(proxy: mysql.Proxy.Server);
        await using var session = await mysql.OpenAsync();
        var (second, third) = ($"127.0.0.1:{mysql.Cluster.Servers[1].Port}", $"127.0.0.1:{mysql.Cluster.Servers[2].Port}");
        await DoesAsync(bed, "add", "mysql", "new", third, "--weight", "7");
        Assert.Contains(Line(await DoesAsync(bed, "show", "mysql"), "new"), l => l.Contains(third, StringComparison.Ordinal));
        Assert.Equal(7, mysql.Proxy.Server.Topology.Servers[2].Weight);
        await Eventually.IsTrueAsync(async () => await session.ServerIdAsync() == 3, () => "the new one answers");
        await DoesAsync(bed, "del", "mysql", "s2");
        for (var i = 0; i < 10; i++)
            Assert.Equal(3, await session.ServerIdAsync());
        await DoesAsync(bed, "set", "mysql", "new", "address", second);
        await Eventually.IsTrueAsync(async () => await session.ServerIdAsync() == 2, () => "its name leads to the other address");
        await DoesAsync(bed, "del", "mysql", "s1");
        Assert.Equal((1, "The servers can't be changed so: No server would be left; add another one first."),
            await RunAsync("ctl", "del", "mysql", "new", "-a", bed.Address.ToString(), "--password-file", _password));
        await Eventually.IsTrueAsync(() => mysql.Proxy.Server.Topology.Servers.Length == 1, "the others are gone");
        Assert.Equal(2, await session.ServerIdAsync());
    }

    [Fact]
    public async Task What_goes_wrong_is_said_and_told_by_the_exit_code()
    {
        await using var bed = await AdminBed.StartAsync();
        var address = bed.Address.Authority;
        Assert.Equal((1, "Password needed: Send the password of Admin.Password as a bearer token, or with the name of Admin.User by HTTP Basic."),
            await RunAsync("ctl", "reset", "counters", "--address", address));
        Assert.Equal((1, "Not found: Backend apps has no server \"x\"; there are a, b."),
            await RunAsync("ctl", "set", "server", "apps/x", "weight", "1", "-a", address, "--password-file", _password));
        Assert.Equal((2, "\"a\" names no server; write BACKEND/NAME, as show servers does"), await RunAsync("ctl", "set", "server", "a", "weight", "1", "-a", address));
        Assert.Equal(2, (await RunAsync("ctl", "set", "server", "apps/a", "state", "off", "-a", address)).Code);
        Assert.Equal(2, (await RunAsync("ctl", "show", "info", "-a", "ftp://x")).Code);
        Assert.Equal(2, (await RunAsync("ctl", "show", "info", "-a", address, "--password-file", "/nowhere")).Code);
        Assert.Equal(3, (await RunAsync("ctl", "show", "info", "-a", "127.0.0.1:1")).Code);
        Assert.Equal((1, "Not reloaded: the former configuration stays in force: there is no configuration file to reload"),
            await RunAsync("ctl", "reload", "-a", address, "--password-file", _password));
    }

    [Fact]
    public async Task Tls_is_checked_against_the_given_authority()
    {
        using var certificates = new TestCertificates();
        var pem = certificates.Write("admin.pem", "localhost");
        await using var bed = await AdminBed.StartAsync(o =>
        {
            o.Admin.Tls.Enabled = true;
            o.Admin.Tls.Certificates = [new() { CertificateFile = pem }];
        });
        var address = $"https://localhost:{bed.Address.Port}";
        Assert.Equal(3, (await RunAsync("ctl", "show", "info", "-a", address)).Code);
        Assert.Equal((0, ""), await RunAsync("ctl", "show", "info", "-a", address, "--ca-file", certificates.CaFile));
        Assert.Equal((0, ""), await RunAsync("ctl", "show", "info", "-a", address, "--insecure"));
    }

    private static IEnumerable<string> Line(string output, string name) =>
        output.Split('\n').Where(l => l.TrimStart().StartsWith(name + " ", StringComparison.Ordinal));

    private async Task<string> DoesAsync(AdminBed bed, params string[] command)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await RunAsync(output, error, ["ctl", .. command, "--address", bed.Address.ToString(), "--password-file", _password]);
        Assert.True(code == 0, $"{code}: {error}");
        return output.ToString();
    }

    private static async Task<(int Code, string Error)> RunAsync(params string[] command)
    {
        using var error = new StringWriter();
        return (await RunAsync(TextWriter.Null, error, command), error.ToString().TrimEnd());
    }

    private static Task<int> RunAsync(TextWriter output, TextWriter error, string[] command) => RootCommandFactory.RunAsync(
        RootCommandFactory.Create((_, _) => { }), command, new InvocationConfiguration { Output = output, Error = error });
}
