using System.Net.Sockets;
using System.Runtime.Versioning;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using MySqlConnector;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Wire;

[UnsupportedOSPlatform("windows")]
public sealed class UnixSocketTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-unix").FullName;

    private string SocketPath => Path.Combine(_folder, "p.sock");

    [Theory, EachFlavor]
    public async Task Clients_come_over_a_socket(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, Listens, "CREATE TABLE t (id INT)");
        await using (var session = await bed.OpenAsync(OverTheSocket))
        {
            await session.RunAsync("INSERT INTO t VALUES (1)");
            Assert.Equal(1, await session.NumberAsync("SELECT COUNT(*) FROM t"));
            Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        }

        foreach (var client in new[] { Flavor.MySql, Flavor.MariaDb })
        {
            var (code, output, error) = await Shells.RunAsync(
                bed.Cluster, client, bed.Schema, "SELECT COUNT(*) FROM t", "--protocol=socket", $"--socket={SocketPath}");
            Assert.True(output == "1\n", $"{client}: {code} {output} {error}");
        }

        var denied = await Assert.ThrowsAsync<MySqlException>(() => bed.OpenAsync(b => { OverTheSocket(b); b.Password = "wrong"; }));
        Assert.Equal($"Access denied for user '{bed.Cluster.App.User}'@'localhost' (using password: YES)", denied.Message.Replace("127.0.0.1", "localhost", StringComparison.Ordinal));
    }

    [Theory, EachFlavor]
    public async Task A_socket_is_as_good_as_tls(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, o => { Listens(o); o.ClientTls.Mode = ClientTlsMode.Required; });

        // The first login: the client must give its password away, and does so without a key of the proxy's.
        var (code, output, error) = await Shells.RunAsync(
            bed.Cluster, Flavor.MySql, bed.Schema, "SELECT 'in'", "--protocol=socket", $"--socket={SocketPath}", "--ssl-mode=DISABLED");
        Assert.True(output == "in\n", $"{code} {output} {error}");
        Assert.Equal(3159, (await Assert.ThrowsAsync<MySqlException>(() => bed.OpenAsync())).Number);
    }

    [Theory, EachFlavor]
    public async Task Servers_are_reached_over_their_sockets(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor, null, "CREATE TABLE t (id INT)");
        await using var proxy = await ProxyUnderTest.StartAsync(bed.Cluster, o =>
        {
            o.Servers = [.. bed.Cluster.Servers.Select(s => new ServerOptions { Address = $"unix:{s.SocketPath}" })];
            Listens(o);
        });
        Assert.All(proxy.Server.Topology.Servers, s => Assert.StartsWith("unix:/", s.Name, StringComparison.Ordinal));
        await using var session = await proxy.OpenAsync(bed.Schema, OverTheSocket);
        await session.RunAsync("INSERT INTO t VALUES (1)");
        Assert.NotEqual(bed.PrimaryId, await session.ServerIdAsync());
        Assert.Equal(1, await session.NumberAsync("SELECT COUNT(*) FROM t"));

        // Nothing but the socket gives this host to a server's client.
        Assert.Equal($"{bed.Cluster.App.User}@localhost", await session.TextAsync("SELECT USER()"));
        await session.RunAsync("BEGIN");
        Assert.Equal(bed.PrimaryId, await session.ServerIdAsync());
    }

    [Fact]
    public async Task The_file_has_its_mode_and_goes_with_the_proxy()
    {
        var cluster = await Clusters.SharedAsync(Flavor.MariaDb);
        await using (await ProxyUnderTest.StartAsync(cluster, o => { Listens(o); o.ListenSocketMode = "0640"; }))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead, File.GetUnixFileMode(SocketPath));
            await Assert.ThrowsAsync<DbProxy.Core.Configuration.ConfigException>(() => ProxyUnderTest.StartAsync(cluster, Listens));
            Assert.True(File.Exists(SocketPath), "The second proxy took the first one's socket away.");
        }

        Assert.False(File.Exists(SocketPath));
        await Task.Run(LeaveAFileBehind, TestContext.Current.CancellationToken);
        Assert.True(File.Exists(SocketPath));
        await using (var proxy = await ProxyUnderTest.StartAsync(cluster, Listens))
        {
            await using var session = await proxy.OpenAsync("", OverTheSocket);
            Assert.Equal(1, await session.NumberAsync("SELECT 1"));
        }

        await File.WriteAllTextAsync(SocketPath, "precious", TestContext.Current.CancellationToken);
        await Assert.ThrowsAsync<DbProxy.Core.Configuration.ConfigException>(() => ProxyUnderTest.StartAsync(cluster, Listens));
        Assert.Equal("precious", await File.ReadAllTextAsync(SocketPath, TestContext.Current.CancellationToken));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    /// <summary>As a killed process does: its socket is closed by the system, and nobody removes the file.</summary>
    private void LeaveAFileBehind()
    {
        var elsewhere = SocketPath + ".new";
        using (var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            socket.Bind(new UnixDomainSocketEndPoint(elsewhere));
            File.Move(elsewhere, SocketPath);
        }
    }

    private void Listens(ProxyOptions options) => options.Listen = ["127.0.0.1:0", $"unix:{SocketPath}"];

    private void OverTheSocket(MySqlConnectionStringBuilder builder)
    {
        builder.Server = SocketPath;
        builder.ConnectionProtocol = MySqlConnectionProtocol.UnixSocket;
    }
}
