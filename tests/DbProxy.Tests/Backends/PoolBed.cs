using System.Net.Sockets;
using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.Protocol;
using DbProxy.Protocol.Auth;
using DbProxy.Protocol.Packets;
using DbProxy.Sql;
using DbProxy.Tests.Channels;
using DbProxy.Tests.Sessions;
using Xunit;

namespace DbProxy.Tests.Backends;

/// <summary>A pool whose connections lead nowhere, and sessions to lease them.</summary>
internal sealed class PoolBed : IServerConnector, IDisposable
{
    private readonly List<Session> _sessions = [];
    private readonly ConfigStore _config;
    private readonly ProxyContext _context;

    public PoolBed(int maxConnections, TimeSpan? acquireTimeout = null)
    {
        ProxyOptions options = new()
        {
            Listen = ["127.0.0.1:0"],
            Servers = [new() { Address = "127.0.0.1:3306" }],
            Monitor = { User = "monitor", Password = "secret" },
            Pool = { MaxConnections = maxConnections, MaxIdle = maxConnections, AcquireTimeout = acquireTimeout ?? TimeSpan.FromSeconds(60) },
        };
        _config = new(ProxyConfig.From(options));
        _context = new(_config, null!, null!, null!, null!, null!, new(), new ProxyCounters(), null!, null!, null!);
        Backend = new ServerState(0, "db1", "127.0.0.1", 3306).Backend;
        var account = new UserAccount("u", new StoredCredential("p"u8.ToArray()), _config, null!);
        Pool = new(Backend, account, default, _config, this);
    }

    public ServerBackend Backend { get; }

    public ConnectionPool Pool { get; }

    public int Max => _config.Current.Pool.MaxConnections;

    public int Opened { get; private set; }

    /// <summary>The server's own limit of connections.</summary>
    public int ServerLimit { get; set; } = int.MaxValue;

    /// <summary>False where a login beside the pool is expected.</summary>
    public bool Limited { get; set; } = true;

    /// <summary>What connecting does first; may throw or wait.</summary>
    public Func<Task> Connecting { get; set; } = () => Task.CompletedTask;

    /// <summary>What the sweep does for sessions that wait too long.</summary>
    public void EndWaits() => Pool.EndWaits(_config.Current.Pool.AcquireTimeout);

    public async ValueTask<LeaseResult> ConnectAsync(
        ConnectionPool pool, StoredCredential credential, SessionSettings settings, ConnectionAttributes attributes, bool handlesExpired = false)
    {
        await Connecting();
        if (Backend.Connections.Count() >= ServerLimit)
        {
            return new(null, LeaseFailure.Refused, new ErrPacket(1226, "42000", "full"));
        }

        var connection = new ServerConnection(pool, new ScriptedChannel([]), SessionFakes.Modern, 1, settings);
        Backend.Add(connection);
        Opened++;
        int live = Backend.Connections.Count();
        Assert.True(!Limited || live <= Max, $"{live} connections are open; the limit is {Max}.");
        return connection;
    }

    public Session Session(string schema = "s")
    {
        var session = new Session(_context, new Socket(SocketType.Stream, ProtocolType.Tcp));
        session.State.Start(SessionSettings.Create(schema, 45), multiStatements: false, LexerModes.None);
        lock (_sessions)
        {
            _sessions.Add(session);
        }

        return session;
    }

    public void Dispose()
    {
        foreach (Session session in _sessions)
        {
            session.Channel.Dispose();
        }
    }
}
