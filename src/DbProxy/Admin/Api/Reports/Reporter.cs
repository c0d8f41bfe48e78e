using DbProxy.Admin.Api.Counting;
using DbProxy.Admin.Api.Models;
using DbProxy.LoadBalancer.HttpMode;

namespace DbProxy.Admin.Api.Reports;

/// <summary>Reads the data path's counters and states and says them in the words of the runtime API.</summary>
internal sealed partial class Reporter
{
    private const string Sessions = "sessions";
    private const string Requests = "requests";
    private const string CpuMilliseconds = "cpu ms";

    private readonly AdminContext _context;
    private readonly TimeProvider _time;
    private readonly Tally _tally;
    private long _mostSessions;

    public Reporter(AdminContext context, TimeProvider time)
    {
        (_context, _time, _tally) = (context, time, new(time));
        Rates = new(RatedCounters, time);
    }

    public Rates Rates { get; }

    /// <summary>Everything at one moment.</summary>
    public Stats Stats(AccessInfo access) => new(_time.GetUtcNow(), access, Process(), Frontends(), Backends(), MySql());

    /// <summary>Counters and maxima begin anew, for operators; metrics go on.</summary>
    public void Reset()
    {
        _tally.Reset(() => Stats(new(false, false)));
        Rates.ForgetMaxima();
        _mostSessions = 0;
        foreach (var frontend in _context.Balancer?.Frontends ?? [])
            frontend.Counters.MaxActive = Volatile.Read(ref frontend.Counters.Active);
        foreach (var backend in _context.Balancer?.Backends.Values ?? [])
            backend.ForgetMaxima();
    }

    private IEnumerable<(object Owner, string Counter, long Raw)> RatedCounters()
    {
        yield return (_context, CpuMilliseconds, (long)Environment.CpuUsage.TotalTime.TotalMilliseconds);
        foreach (var frontend in _context.Balancer?.Frontends ?? [])
        {
            yield return (frontend, Sessions, Volatile.Read(ref frontend.Counters.Accepted));
            yield return (frontend, Requests, Volatile.Read(ref frontend.Counters.Http.Requests));
        }
        foreach (var backend in _context.Balancer?.Backends.Values ?? [])
        {
            yield return (backend, Sessions, Volatile.Read(ref backend.Sessions));
            yield return (backend, Requests, Volatile.Read(ref backend.Http.Requests));
            foreach (var server in backend.Servers)
            {
                yield return (server, Sessions, Volatile.Read(ref server.Counters.Sessions));
                yield return (server, Requests, Volatile.Read(ref server.Counters.Http.Requests));
            }
        }
        foreach (var counter in MySqlCounters())
            yield return counter;
    }

    private RequestFigures RequestsOf(object owner, HttpCounters counters) => new(
        _tally.Of(owner, Requests, Volatile.Read(ref counters.Requests)), Rates.Of(owner, Requests),
        Class(owner, counters, 1), Class(owner, counters, 2), Class(owner, counters, 3), Class(owner, counters, 4), Class(owner, counters, 5));

    private long Class(object owner, HttpCounters counters, int digit) => _tally.Of(owner, $"{digit}xx", counters.StatusClass(digit));
}
