using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.Core.Sessions;
using Prometheus;

namespace DbProxy.Core.Accounting;

/// <summary>
/// Brings the data path's plain counters into prometheus-net at each scrape. Labels are few and bounded: servers, roles,
/// classes, reasons, error codes.
/// </summary>
public sealed class MetricsPublisher
{
    private static readonly string[] Classes = [.. Enum.GetNames<StatementClass>().Select(n => n.ToLowerInvariant())];
    private readonly ProxyServer _proxy;
    private readonly Dictionary<(string Server, int Bucket), (long Count, double Seconds)> _published = [];
    private readonly Gauge _sessions, _idle, _open, _leased, _waiting, _lag, _role, _health, _rotation, _replication, _takenOut, _users, _refused, _prepared;
    private readonly Counter _accepted, _rejected, _logins, _loginsFailed, _pins, _queries, _routes, _bytes, _errors;
    private readonly Counter _retries, _primaryWaits, _poolWaits, _poolWaitSeconds, _causal, _connectFailures, _protocolErrors, _proxyHeaders, _serverErrors, _reclaimed, _vanished, _evicted;
    private readonly Histogram _latency;
    private readonly CertificateMetrics _certificates;
    private readonly LabelOwners _servers;

    /// <summary>Registers the metrics.</summary>
    /// <param name="proxy">Whose counters they are.</param>
    /// <param name="registry">Where they go; its scrapes call <see cref="Publish"/>.</param>
    public MetricsPublisher(ProxyServer proxy, CollectorRegistry registry)
    {
        ArgumentNullException.ThrowIfNull(proxy);
        ArgumentNullException.ThrowIfNull(registry);
        _proxy = proxy;
        IMetricFactory make = Metrics.WithCustomRegistry(registry);
        _sessions = make.CreateGauge("dbproxy_sessions", "Client sessions open now.");
        _accepted = make.CreateCounter("dbproxy_sessions_accepted_total", "Client connections accepted.");
        _rejected = make.CreateCounter("dbproxy_sessions_refused_total", "Client connections refused at the limit (error 1040).");
        _logins = make.CreateCounter("dbproxy_logins_total", "Logins admitted, by who confirmed the password.", ["confirmed_by"]);
        _loginsFailed = make.CreateCounter("dbproxy_logins_failed_total", "Logins refused or broken off.");
        _pins = make.CreateCounter("dbproxy_session_pins_total", "Times that a session was pinned to one server connection.", ["reason"]);
        _queries = make.CreateCounter("dbproxy_statements_total", "Statements completed.", ["server", "role", "class"]);
        _routes = make.CreateCounter("dbproxy_routes_total", "Routing decisions of completed statements.", ["server", "reason"]);
        _latency = make.CreateHistogram(
            "dbproxy_statement_seconds", "From routing a statement to its response's last byte being sent to the client.",
            ["server"], new HistogramConfiguration { Buckets = LatencyHistogram.Bounds });
        _bytes = make.CreateCounter("dbproxy_bytes_total", "Bytes of commands to servers and of responses from them.", ["server", "direction"]);
        _errors = make.CreateCounter("dbproxy_errors_total", "Errors that clients were sent, by MySQL code and who made them.", ["code", "origin"]);
        _serverErrors = make.CreateCounter("dbproxy_server_errors_total", "Statements that a server answered with an error.", ["server"]);
        _retries = make.CreateCounter("dbproxy_retries_total", "Statements run again elsewhere before their client saw anything.", ["cause"]);
        _primaryWaits = make.CreateCounter("dbproxy_primary_waits_total", "Statements held because no server could take them.");
        _protocolErrors = make.CreateCounter("dbproxy_protocol_errors_total", "Packets of clients that broke the protocol.");
        _proxyHeaders = make.CreateCounter("dbproxy_proxy_headers_total", "Connections from trusted load balancers, by whether their PROXY header was right.", ["result"]);
        _idle = make.CreateGauge("dbproxy_pool_idle_connections", "Idle server connections.", ["server"]);
        _open = make.CreateGauge("dbproxy_pool_open_connections", "Open server connections, leased and idle.", ["server"]);
        _leased = make.CreateGauge("dbproxy_pool_leased_connections", "Server connections that sessions have now.", ["server"]);
        _waiting = make.CreateGauge("dbproxy_pool_waiting_sessions", "Sessions waiting for a server connection now.", ["server"]);
        _poolWaits = make.CreateCounter("dbproxy_pool_waits_total", "Leases that had to wait for a connection.");
        _poolWaitSeconds = make.CreateCounter("dbproxy_pool_wait_seconds_total", "Time that leases waited for a connection.");
        _connectFailures = make.CreateCounter("dbproxy_server_connect_failures_total", "Connections to a server that could not be opened.", ["server"]);
        _causal = make.CreateCounter("dbproxy_causal_waits_total", "Reads that waited on a replica for the session's last write.", ["server", "result"]);
        _prepared = make.CreateGauge("dbproxy_prepared_statements", "Statements prepared on server connections now; the server's max_prepared_stmt_count bounds them.", ["server"]);
        _evicted = make.CreateCounter("dbproxy_prepared_statements_evicted_total", "Prepared statements closed to make room (Pool.PreparedStatements).", ["server"]);
        _reclaimed = make.CreateCounter("dbproxy_holds_reclaimed_total", "Held connections taken back from sessions that were idle.");
        _vanished = make.CreateCounter("dbproxy_clients_vanished_total", "Clients that went away while a statement ran; it was stopped.");
        _lag = make.CreateGauge("dbproxy_server_lag_seconds", "Replication lag; NaN: unknown.", ["server"]);
        _role = make.CreateGauge("dbproxy_server_role", "1 for the role that the server has.", ["server", "role"]);
        _health = make.CreateGauge("dbproxy_server_up", "1: up, 0: down or not probed yet.", ["server"]);
        _rotation = make.CreateGauge("dbproxy_server_in_rotation", "1: a replica that takes reads now.", ["server"]);
        _takenOut = make.CreateGauge("dbproxy_server_taken_out", "1: an operator drains the server or has it in maintenance.", ["server"]);
        _replication = make.CreateGauge("dbproxy_server_replication_running", "1: it is connected to its source and applies what it receives.", ["server"]);
        _users = make.CreateGauge("dbproxy_known_users", "Users whose password is known.");
        _refused = make.CreateGauge("dbproxy_learned_writes", "Statement digests that look like reads and were refused by a replica.");
        _certificates = new(make);
        _servers = new LabelOwners()
            .With(_idle, _open, _leased, _waiting, _prepared, _lag, _role, _health, _rotation, _takenOut, _replication)
            .With(_queries, _routes, _bytes, _serverErrors, _connectFailures, _causal, _evicted)
            .With(_latency)
            .With(labels => _published.Keys.Where(k => k.Server == labels[0]).ToList().ForEach(k => _published.Remove(k)));
        registry.AddBeforeCollectCallback(Publish);
    }

    /// <summary>Brings all metrics up to date; one call at a time.</summary>
    public void Publish()
    {
        lock (_published)
        {
            ProxyContext context = _proxy.Context;
            PublishSessions(context);
            _certificates.Publish(_proxy.Certificates.InUse);
            // A server's removed namesake is behind it.
            List<ServerBackend> backends = [.. context.Backends.DistinctBy(b => b.State.Name)];
            _servers.Become(backends.Select(b => ((object)b, (string[])[b.State.Name])));
            foreach (ServerBackend backend in backends)
            {
                PublishServer(backend, context);
            }
        }
    }

    private void PublishSessions(ProxyContext context)
    {
        ProxyCounters counters = context.Counters;
        _sessions.Set(context.Sessions.Count);
        _accepted.IncTo(counters.SessionsAccepted);
        _rejected.IncTo(counters.SessionsRefused);
        _logins.WithLabels("credential").IncTo(counters.LoginsByCredential);
        _logins.WithLabels("server").IncTo(counters.LoginsByServer);
        _loginsFailed.IncTo(counters.LoginsFailed);
        _retries.WithLabels("server_lost").IncTo(counters.ReadsRetried);
        _retries.WithLabels("read_only").IncTo(counters.ReadOnlyRetried);
        _primaryWaits.IncTo(counters.PrimaryWaits);
        _protocolErrors.IncTo(counters.ProtocolErrors);
        _proxyHeaders.WithLabels("accepted").IncTo(counters.ProxyHeadersAccepted);
        _proxyHeaders.WithLabels("refused").IncTo(counters.ProxyHeadersRefused);
        _reclaimed.IncTo(counters.HoldsReclaimed);
        _vanished.IncTo(counters.ClientsVanished);
        _users.Set(context.Users.Accounts.Count());
        _refused.Set(context.Refused.Count);
        _poolWaits.IncTo(context.Users.Accounts.Sum(a => Volatile.Read(ref a.Waits)));
        _poolWaitSeconds.IncTo(context.Users.Accounts.Sum(a => Volatile.Read(ref a.WaitTicks)) / (double)System.Diagnostics.Stopwatch.Frequency);
        foreach (PinReasons reason in Enum.GetValues<PinReasons>().Where(r => r != PinReasons.None))
        {
            _pins.WithLabels(SnakeCase(reason.ToString())).IncTo(counters.Pins(reason));
        }

        foreach (var ((code, fromProxy), count) in counters.Errors)
        {
            _errors.WithLabels(code.ToString(System.Globalization.CultureInfo.InvariantCulture), fromProxy ? "proxy" : "server").IncTo(count);
        }
    }

    private void PublishServer(ServerBackend backend, ProxyContext context)
    {
        string name = backend.State.Name;
        ServerModel model = backend.State.Model;
        _lag.WithLabels(name).Set(model.LagMilliseconds / 1000 ?? double.NaN);
        _health.WithLabels(name).Set(model.Health == ServerHealth.Up ? 1 : 0);
        _rotation.WithLabels(name).Set(context.Topology.Current.Fresh.Contains(backend.State) ? 1 : 0);
        _takenOut.WithLabels(name).Set(model.Order.IsReady ? 0 : 1);
        _replication.WithLabels(name).Set(model.ReplicationRunning ? 1 : 0);
        foreach (ServerRole role in Enum.GetValues<ServerRole>())
        {
            _role.WithLabels(name, SnakeCase(role.ToString())).Set(model.Role == role ? 1 : 0);
        }

        var pools = context.Users.Accounts.SelectMany(a => a.Pools).Where(p => p.Backend == backend).ToList();
        int idle = pools.Sum(p => p.IdleCount), open = backend.Connections.Count();
        _idle.WithLabels(name).Set(idle);
        _open.WithLabels(name).Set(open);
        _leased.WithLabels(name).Set(Math.Max(0, open - idle));
        _prepared.WithLabels(name).Set(backend.Connections.Sum(c => c.Statements.Count));
        _waiting.WithLabels(name).Set(pools.Sum(p => p.WaiterCount));
        _connectFailures.WithLabels(name).IncTo(Volatile.Read(ref backend.ConnectFailures));
        PublishCounters(name, backend.Sum());
    }

    private void PublishCounters(string name, ConnectionCounters sum)
    {
        for (int i = 0; i < Classes.Length; i++)
        {
            _queries.WithLabels(name, "primary", Classes[i]).IncTo(sum.Statements(onReplica: false, (StatementClass)i));
            _queries.WithLabels(name, "replica", Classes[i]).IncTo(sum.Statements(onReplica: true, (StatementClass)i));
        }

        foreach (RouteReason reason in Enum.GetValues<RouteReason>())
        {
            _routes.WithLabels(name, SnakeCase(reason.ToString())).IncTo(sum.Routes(reason));
        }

        _bytes.WithLabels(name, "sent").IncTo(sum.BytesSent);
        _bytes.WithLabels(name, "received").IncTo(sum.BytesReceived);
        _evicted.WithLabels(name).IncTo(sum.PreparedEvicted);
        _serverErrors.WithLabels(name).IncTo(sum.Errors);
        _causal.WithLabels(name, "applied").IncTo(sum.CausalWaits - sum.CausalTimeouts);
        _causal.WithLabels(name, "timed_out").IncTo(sum.CausalTimeouts);
        for (int i = 0; i <= LatencyHistogram.Buckets; i++)
        {
            PublishBucket(name, i, sum.Latency.Bucket(i));
        }
    }

    /// <summary>prometheus-net has no way to set a histogram; observing a bucket's mean as often as it was hit sets it exactly.</summary>
    private void PublishBucket(string server, int bucket, (long Count, double Seconds) now)
    {
        _published.TryGetValue((server, bucket), out var before);
        long count = now.Count - before.Count;
        if (count > 0)
        {
            _latency.WithLabels(server).Observe((now.Seconds - before.Seconds) / count, count);
            _published[(server, bucket)] = now;
        }
    }

    private static string SnakeCase(string name) =>
        string.Concat(name.Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
