using System.Globalization;
using DbProxy.Core.Configuration;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>The servers of one kind with the accounts of the client programs, and what a program is told of them.</summary>
internal sealed class ClientServers
{
    /// <summary>An account that the proxy's configuration knows with its password.</summary>
    private static readonly ClusterAccount OldUser = new("client_old", "plain pw");
    private static readonly Dictionary<Flavor, Lazy<Task<ClientServers>>> Known = new()
    {
        [Flavor.MySql] = new(() => StartAsync(Flavor.MySql)), [Flavor.MariaDb] = new(() => StartAsync(Flavor.MariaDb)),
    };

    private static int _count;
    private readonly string _accounts;

    private ClientServers(ReplicationCluster cluster, string accounts) => (Cluster, _accounts) = (cluster, accounts);

    public ReplicationCluster Cluster { get; }

    /// <summary>The cluster of a kind. Skips the test where there is none.</summary>
    public static async Task<ClientServers> OfAsync(Flavor flavor)
    {
        await Clusters.SharedAsync(flavor);
        return await Known[flavor].Value;
    }

    /// <summary>A proxy as most are run; with TLS it is required, so that a client that does not use it fails.</summary>
    public Task<ProxyUnderTest> StartProxyAsync(bool tls) => ProxyUnderTest.StartAsync(Cluster, o =>
    {
        o.ClientTls.Mode = tls ? ClientTlsMode.Required : ClientTlsMode.Preferred;
        // Programs look at the writes of their other sessions.
        o.Routing.CausalReads = CausalReadsMode.Global;
        o.Users = [new() { Name = OldUser.User, Password = OldUser.Password }];
    });

    /// <summary>An empty-handed run's schema with its tables, on all servers.</summary>
    public async Task<string> CreateSchemaAsync()
    {
        var schema = $"test_{Environment.ProcessId}_client{Interlocked.Increment(ref _count)}";
        await ServerAdmin.RunAsync(Cluster, Cluster.Primary, $"CREATE DATABASE {schema}");
        // By the application account: only who made a procedure may dump it.
        await using (var owner = await Cluster.ConnectAsync(Cluster.Primary, Cluster.App, TestContext.Current.CancellationToken))
        {
            await owner.RunAsync([$"USE {schema}", .. ClientFiles.Setup()]);
        }

        await ServerAdmin.SyncAsync(Cluster);
        return schema;
    }

    public Task DropSchemaAsync(string schema) => ServerAdmin.RunAsync(Cluster, Cluster.Primary, $"DROP DATABASE IF EXISTS {schema}");

    /// <summary>The contract of <c>tests/clients/README.md</c>.</summary>
    public Dictionary<string, string> Tell(ClientEntry client, int port, string schema, bool tls)
    {
        var mysql = Cluster.Installation.Flavor == Flavor.MySql;
        var account = client.IsProxyUser ? OldUser : Cluster.App;
        Dictionary<string, string> told = new()
        {
            ["DBTEST_HOST"] = "127.0.0.1",
            ["DBTEST_PORT"] = port.ToString(CultureInfo.InvariantCulture),
            ["DBTEST_USER"] = account.User,
            ["DBTEST_PASSWORD"] = account.Password,
            ["DBTEST_SCHEMA"] = schema,
            ["DBTEST_TLS"] = tls ? "1" : "0",
            ["DBTEST_FLAVOR"] = mysql ? "mysql" : "mariadb",
            ["DBTEST_ACCOUNTS"] = _accounts,
            ["DBTEST_FILE"] = LoadFile.Value,
        };
        return told;
    }

    private static readonly Lazy<string> LoadFile = new(() =>
    {
        var path = Path.Combine(Path.GetTempPath(), $"dbproxy-clients-{Environment.ProcessId}.tsv");
        File.WriteAllLines(path, Enumerable.Range(1, 3000).Select(i => $"{i}\tvälue {i}"));
        AppDomain.CurrentDomain.ProcessExit += (_, _) => File.Delete(path);
        return path;
    });

    private static async Task<ClientServers> StartAsync(Flavor flavor)
    {
        var cluster = await Clusters.SharedAsync(flavor);
        string[] plugins = flavor == Flavor.MySql
            ? ["caching_sha2_password", "sha256_password"]
            : cluster.Installation.SupportsEd25519 ? ["mysql_native_password", "ed25519"] : ["mysql_native_password"];
        List<string> accounts = [];
        foreach (var plugin in plugins)
        {
            await cluster.CreateUserAsync($"client_{plugin}", $"pw {plugin}", plugin, @"ALL ON `test\_%`.*");
            accounts.Add($"{plugin}=client_{plugin}:pw {plugin}");
        }

        await cluster.CreateUserAsync(OldUser.User, OldUser.Password, null, @"ALL ON `test\_%`.*");
        await ServerAdmin.SyncAsync(cluster);
        return new(cluster, string.Join(',', accounts));
    }
}
