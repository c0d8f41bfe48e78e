using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Validation;
using DbProxy.Core.Sessions;
using DbProxy.LocalCluster;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>A proxy in this process, on a free port, in front of a cluster.</summary>
public sealed class ProxyUnderTest : IAsyncDisposable
{
    private readonly ReplicationCluster _cluster;
    private readonly ProxyOptions _options;
    private readonly ConfigStore _config;

    private ProxyUnderTest(ReplicationCluster cluster, ProxyOptions options, ProxyLog log)
    {
        (_cluster, _options, Log) = (cluster, options, log);
        _config = new(ProxyConfig.From(options), () => ConfigBuilder.Build(options));
        Server = new(_config, log);
    }

    public ProxyServer Server { get; }

    public ProxyLog Log { get; }

    /// <summary>Where clients connect.</summary>
    public int Port => Server.EndPoints[0].Port;

    /// <summary>False for tests that provoke an error line in the log; without it one fails the test at the end.</summary>
    public bool ErrorsAreBugs { get; set; } = true;

    internal ProxyContext Context => Server.Context;

    /// <summary>Starts one; <paramref name="configure"/> changes the options, in which servers and monitor are filled in.</summary>
    public static async Task<ProxyUnderTest> StartAsync(ReplicationCluster cluster, Action<ProxyOptions>? configure = null)
    {
        ArgumentNullException.ThrowIfNull(cluster);
        var options = new ProxyOptions
        {
            Listen = ["127.0.0.1:0"],
            Servers = [.. cluster.Servers.Select(s => new ServerOptions { Address = $"127.0.0.1:{s.Port}", Name = $"s{s.ServerId}" })],
            Monitor = { User = cluster.Monitor.User, Password = cluster.Monitor.Password, Interval = TimeSpan.FromMilliseconds(100) },
            Limits = { DrainTimeout = TimeSpan.FromSeconds(1) },
            // A busy machine must not send reads to the primary in tests that say where reads go.
            Routing = { CausalWait = TimeSpan.FromSeconds(10) },
        };
        configure?.Invoke(options);
        options.Pool.MaxIdle = Math.Min(options.Pool.MaxIdle, options.Pool.MaxConnections);
        var log = new ProxyLog();
        var proxy = new ProxyUnderTest(cluster, options, log);
        var server = proxy.Server;
        try
        {
            await server.StartAsync(TestContext.Current.CancellationToken);
            await Eventually.IsTrueAsync(
                () => server.Topology.Current.Primary is not null && server.Topology.Current.Fresh.Length == server.Topology.Servers.Length - 1,
                () => $"all servers in rotation\n{string.Join('\n', log.Lines.Select(l => l.Text))}");
            return proxy;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Another configuration while it runs.</summary>
    public Task<ReloadResult> ReloadAsync(Action<ProxyOptions> change)
    {
        change(_options);
        return _config.ReloadAsync();
    }

    /// <summary>
    /// A connection string for the proxy: the cluster's application account, no TLS, no client-side pool (so that each
    /// connection is a session of its own); <paramref name="change"/> changes it.
    /// </summary>
    public string ConnectionString(string? schema = null, Action<MySqlConnectionStringBuilder>? change = null)
    {
        var builder = new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)Port,
            UserID = _cluster.App.User,
            Password = _cluster.App.Password,
            Database = schema ?? "",
            SslMode = MySqlSslMode.None,
            AllowPublicKeyRetrieval = true,
            AllowUserVariables = true,
            Pooling = false,
            ConnectionTimeout = 20,
        };
        change?.Invoke(builder);
        return builder.ConnectionString;
    }

    /// <summary>An open connection through the proxy.</summary>
    public async Task<MySqlConnection> OpenAsync(string? schema = null, Action<MySqlConnectionStringBuilder>? change = null)
    {
        var connection = new MySqlConnection(ConnectionString(schema, change));
        try
        {
            await connection.OpenAsync(TestContext.Current.CancellationToken);
            return connection;
        }
        catch
        {
            await connection.DisposeAsync();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await Server.DisposeAsync();
        if (ErrorsAreBugs)
        {
            Assert.True(!Log.Errors.Any(), string.Join("\n", Log.Errors));
        }
    }
}
