using System.Text;
using DbProxy.Admin.Api.Models;
using DbProxy.Core.Accounting;
using DbProxy.Core.Backends;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Routing;
using DbProxy.Core.Sessions;
using DbProxy.Sql;

namespace DbProxy.Admin.Api.Reports;

internal sealed partial class Reporter
{
    private const string Statements = "statements";
    private const string Latency = "latency us";
    private const int MostErrors = 20;

    /// <summary>The MySQL proxy; null: there is none.</summary>
    public MySqlInfo? MySql()
    {
        if (_context.Proxy?.Context is not { } proxy)
            return null;
        var (counters, topology, sums) = (proxy.Counters, proxy.Topology.Current, proxy.Backends.Select(b => b.Sum()).ToArray());
        return new(
            topology.Primary?.Name, topology.Warning,
            new(proxy.Sessions.Count, MostSessions(proxy), proxy.Config.Current.Limits.MaxSessions, Of(Sessions, counters.SessionsAccepted)), Rates.Of(proxy, Sessions),
            Of("refused", counters.SessionsRefused), Of("failed logins", counters.LoginsFailed), Rates.Of(proxy, Statements),
            Of("retries", counters.ReadsRetried + counters.ReadOnlyRetried), Of("waits", counters.PrimaryWaits),
            [.. proxy.Backends.Select((b, i) => DatabaseServer(proxy, b, sums[i]))], Pins(proxy), Routes(proxy, sums),
            [.. counters.Errors.Select(e => new ErrorInfo(e.Key.Code, e.Key.FromProxy ? "proxy" : "server", Of($"error {e.Key}", e.Value)))
                .Where(e => e.Total > 0).OrderByDescending(e => e.Total).Take(MostErrors)]);

        long Of(string counter, long raw) => _tally.Of(proxy, counter, raw);
    }

    /// <summary>A database server by its name; null: there is none.</summary>
    public MySqlServerInfo? DatabaseServer(string name) =>
        _context.Proxy?.Context is { } proxy && proxy.Backends.FirstOrDefault(b => b.State.Name == name) is { } backend
            ? DatabaseServer(proxy, backend, backend.Sum()) : null;

    /// <summary>What would become of a statement now; null: there is no MySQL proxy.</summary>
    public ExplainInfo? Explain(string sql)
    {
        if (_context.Proxy?.Context is not { } proxy)
            return null;
        var text = Encoding.UTF8.GetBytes(sql);
        var statement = StatementClassifier.Classify(text, proxy.IsMariaDb ? LexerModes.MariaDb : LexerModes.None);
        var route = proxy.Router.Choose(statement, text, new(Autocommit: true, MustSee: null, Avoid: null), proxy.Config.Current.Routing);
        return new(
            Word(statement.Kind), Word(statement.Access),
            [.. Enum.GetValues<StatementTraits>().Where(t => t != StatementTraits.None && statement.Has(t)).Select(Word)], route.Server?.Name, Word(route.Reason));
    }

    private MySqlServerInfo DatabaseServer(ProxyContext proxy, ServerBackend backend, ConnectionCounters sum)
    {
        var (state, model) = (backend.State, backend.State.Model);
        var pools = proxy.Users.Accounts.SelectMany(a => a.Pools).Where(p => p.Backend == backend).ToList();
        int idle = pools.Sum(p => p.IdleCount), open = backend.Connections.Count();
        return new(
            state.Name, state.UnixPath is { } path ? $"unix:{path}" : $"{state.Host}:{state.Port}", Word(model.Role), Word(model.Health), Word(model.Order.State),
            model.InRotation, model.Reason, model.Since, model.LagMilliseconds is { } lag ? Math.Round(lag, 1) : null, model.ReadOnly, model.Version,
            model.Gtids.ToString(), state.Weight, new(open, Math.Max(0, open - idle), idle, pools.Sum(p => p.WaiterCount)),
            new(Class(StatementClass.Read), Class(StatementClass.Write), Class(StatementClass.Transaction), Class(StatementClass.Prepare), Class(StatementClass.Other)),
            Rates.Of(backend, Statements), LatencyOf(backend), new(Of("sent", sum.BytesSent), Of("received", sum.BytesReceived)), Of("errors", sum.Errors),
            Of("connect", backend.ConnectFailures));

        long Of(string counter, long raw) => _tally.Of(backend, counter, raw);
        long Class(StatementClass kind) => Of(Word(kind), sum.Statements(onReplica: false, kind) + sum.Statements(onReplica: true, kind));
    }

    private PinInfo[] Pins(ProxyContext proxy)
    {
        var pinned = proxy.Sessions.All.Select(s => s.State.Pins).Where(p => p != PinReasons.None).ToList();
        return [.. Enum.GetValues<PinReasons>().Where(r => r != PinReasons.None)
            .Select(r => new PinInfo(Word(r), pinned.Count(p => p.HasFlag(r)), _tally.Of(proxy, $"pin {r}", proxy.Counters.Pins(r))))
            .Where(p => p.Now + p.Total > 0)];
    }

    private RouteInfo[] Routes(ProxyContext proxy, ConnectionCounters[] sums) =>
        [.. Enum.GetValues<RouteReason>()
            .Select(r => new RouteInfo(Word(r), _tally.Of(proxy, $"route {r}", sums.Sum(s => s.Routes(r)))))
            .Where(r => r.Total > 0).OrderByDescending(r => r.Total)];

    private LatencyFigures LatencyOf(ServerBackend backend)
    {
        var count = Rates.Raw(backend, Statements);
        if (count <= 0)
            return new(null, null);
        double seen = 0;
        var bucket = 0;
        var all = BucketNames.Sum(name => Rates.Raw(backend, name));
        while (bucket < LatencyHistogram.Buckets - 1 && (seen += Rates.Raw(backend, BucketNames[bucket])) < 0.95 * all)
            bucket++;
        return new(Math.Round(Rates.Raw(backend, Latency) / count / 1000, 3), Math.Round(LatencyHistogram.Bounds[bucket] * 1000, 2));
    }

    private static readonly string[] BucketNames = [.. Enumerable.Range(0, LatencyHistogram.Buckets + 1).Select(i => $"latency bucket {i}")];

    private IEnumerable<(object Owner, string Counter, long Raw)> MySqlCounters()
    {
        if (_context.Proxy?.Context is not { } proxy)
            yield break;
        yield return (proxy, Sessions, Volatile.Read(ref proxy.Counters.SessionsAccepted));
        long all = 0;
        foreach (var backend in proxy.Backends)
        {
            var sum = backend.Sum();
            var buckets = Enumerable.Range(0, LatencyHistogram.Buckets + 1).Select(sum.Latency.Bucket).ToArray();
            var statements = buckets.Sum(b => b.Count);
            all += statements;
            yield return (backend, Statements, statements);
            yield return (backend, Latency, (long)(buckets.Sum(b => b.Seconds) * 1e6));
            for (var i = 0; i < buckets.Length; i++)
                yield return (backend, BucketNames[i], buckets[i].Count);
        }
        yield return (proxy, Statements, all);
    }

    /// <summary>The most sessions at a time, as far as was looked: once a second, and at each question.</summary>
    private long MostSessions(ProxyContext proxy) => _mostSessions = Math.Max(_mostSessions, proxy.Sessions.Count);

    private static string Word<T>(T value) where T : struct, Enum =>
        string.Concat(value.ToString().Select((c, i) => char.IsUpper(c) ? (i == 0 ? "" : "_") + char.ToLowerInvariant(c) : c.ToString()));
}
