using DbProxy.Core.Accounting;
using DbProxy.LoadBalancer;
using DbProxy.LoadBalancer.HttpMode;
using Prometheus;

namespace DbProxy.Admin.Metrics;

/// <summary>Brings the front end's plain counters into prometheus-net at each scrape. Labels are the configured names.</summary>
internal sealed class BalancerMetrics
{
    private static readonly string[] States = ["UP", "DOWN", "DRAIN", "MAINT"];
    private readonly Balancer _balancer;
    private readonly Gauge _sessions, _queue, _active, _state, _weight, _down, _certificates;
    private readonly Counter _accepted, _denied, _limited, _bad, _frontBytes, _refused, _given, _serverBytes, _errors, _retries, _checks, _rules;
    private readonly Counter _requests, _aborts, _queueSeconds, _responses, _responseSeconds;
    private readonly LabelOwners _frontends, _backends, _servers, _accessRules;

    public BalancerMetrics(Balancer balancer, CollectorRegistry registry)
    {
        _balancer = balancer;
        IMetricFactory make = Prometheus.Metrics.WithCustomRegistry(registry);
        _sessions = make.CreateGauge("dbproxy_frontend_sessions", "Connections of a frontend now.", ["frontend"]);
        _accepted = make.CreateCounter("dbproxy_frontend_sessions_total", "Connections accepted.", ["frontend"]);
        _denied = make.CreateCounter("dbproxy_frontend_denied_total", "Refused by an access rule.", ["frontend"]);
        _limited = make.CreateCounter("dbproxy_frontend_rate_limited_total", "Refused by a rate limit.", ["frontend"]);
        _bad = make.CreateCounter("dbproxy_frontend_request_errors_total", "What was no good request: TLS or PROXY header missing, invalid, too large, too slow.", ["frontend"]);
        _rules = make.CreateCounter("dbproxy_frontend_rule_hits_total", "Decisions of an access rule.", ["frontend", "rule"]);
        _frontBytes = make.CreateCounter("dbproxy_frontend_bytes_total", "Bytes from clients (in) and to them (out).", ["frontend", "direction"]);
        _requests = make.CreateCounter("dbproxy_http_requests_total", "Requests of a frontend in http mode, by the class of their status.", ["frontend", "status"]);
        _aborts = make.CreateCounter("dbproxy_http_client_aborts_total", "Requests whose client broke off.", ["frontend"]);
        _certificates = make.CreateGauge("dbproxy_frontend_certificate_expiry_timestamp_seconds", "When a certificate of a frontend expires.", ["frontend", "subject"]);
        _queueSeconds = make.CreateCounter("dbproxy_http_queue_seconds_total", "Time that requests waited for a server.", ["backend"]);
        _responses = make.CreateCounter("dbproxy_http_server_responses_total", "Responses that a server began, by the class of their status.", ["backend", "server", "status"]);
        _responseSeconds = make.CreateCounter("dbproxy_http_server_response_seconds_total", "Time until a server's response headers, over all responses.", ["backend", "server"]);
        _queue = make.CreateGauge("dbproxy_backend_queue", "Sessions that wait for a server.", ["backend"]);
        _refused = make.CreateCounter("dbproxy_backend_refused_total", "Sessions refused for want of a server, or after waiting for one.", ["backend"]);
        _active = make.CreateGauge("dbproxy_backend_server_sessions", "Sessions of a server now.", ["backend", "server"]);
        _given = make.CreateCounter("dbproxy_backend_server_sessions_total", "Sessions given to a server.", ["backend", "server"]);
        _serverBytes = make.CreateCounter("dbproxy_backend_server_bytes_total", "Bytes to a server (in) and from it (out).", ["backend", "server", "direction"]);
        _errors = make.CreateCounter("dbproxy_backend_server_errors_total", "Connections that failed, responses broken off.", ["backend", "server", "kind"]);
        _retries = make.CreateCounter("dbproxy_backend_server_retries_total", "Sessions tried again, on the same server or on another.", ["backend", "server", "kind"]);
        _checks = make.CreateCounter("dbproxy_backend_server_check_failures_total", "Failed checks of a server that was up.", ["backend", "server"]);
        _state = make.CreateGauge("dbproxy_backend_server_state", "1 for the state that a server is in.", ["backend", "server", "state"]);
        _weight = make.CreateGauge("dbproxy_backend_server_weight", "Effective weight, 100 for a configured 1.", ["backend", "server"]);
        _down = make.CreateGauge("dbproxy_backend_server_down_seconds", "Time spent down or in maintenance.", ["backend", "server"]);
        _frontends = new LabelOwners().With(_sessions, _certificates).With(_accepted, _denied, _limited, _bad, _frontBytes, _requests, _aborts);
        _accessRules = new LabelOwners().With(_rules);
        _backends = new LabelOwners().With(_queue).With(_refused, _queueSeconds);
        _servers = new LabelOwners().With(_active, _state, _weight, _down)
            .With(_given, _serverBytes, _errors, _retries, _checks, _responses, _responseSeconds);
        registry.AddBeforeCollectCallback(Publish);
    }

    private void Publish()
    {
        _frontends.Become(_balancer.Frontends.Select(f => ((object)f, (string[])[f.Config.Name])));
        _accessRules.Become(_balancer.Frontends.SelectMany(f => f.Config.Access.Select(r => ((object)r, (string[])[f.Config.Name, r.Name]))));
        _backends.Become(_balancer.Backends.Values.Select(b => ((object)b, (string[])[b.Name])));
        _servers.Become(_balancer.Backends.Values.SelectMany(b => b.Servers.Select(s => ((object)s, (string[])[b.Name, s.Name]))));
        PublishCertificates();
        foreach (var frontend in _balancer.Frontends)
        {
            var (name, counters) = (frontend.Config.Name, frontend.Counters);
            _sessions.WithLabels(name).Set(counters.Active);
            _accepted.WithLabels(name).IncTo(counters.Accepted);
            _denied.WithLabels(name).IncTo(counters.Denied);
            _limited.WithLabels(name).IncTo(counters.RateLimited);
            _bad.WithLabels(name).IncTo(counters.ProtocolErrors);
            _frontBytes.WithLabels(name, "in").IncTo(counters.BytesIn);
            _frontBytes.WithLabels(name, "out").IncTo(counters.BytesOut);
            if (frontend.Config.Http is not null)
            {
                PublishStatuses(counters.Http, _requests.WithLabels, name);
                _aborts.WithLabels(name).IncTo(Volatile.Read(ref counters.Http.ClientAborts));
            }
            foreach (var rule in frontend.Config.Access)
                _rules.WithLabels(name, rule.Name).IncTo(rule.Hits);
        }
        foreach (var backend in _balancer.Backends.Values)
        {
            _queue.WithLabels(backend.Name).Set(backend.Queued);
            _refused.WithLabels(backend.Name).IncTo(Volatile.Read(ref backend.Refused));
            _queueSeconds.WithLabels(backend.Name).IncTo(Volatile.Read(ref backend.Http.QueueMicroseconds) / 1e6);
            foreach (var server in backend.Servers)
                Publish(backend.Name, server);
        }
    }

    /// <summary>A certificate that is not shown any more must not go on expiring.</summary>
    private void PublishCertificates()
    {
        var shown = _balancer.Frontends.SelectMany(f => f.Certificates.Select(c => (Frontend: f.Config.Name, c.Subject, c.NotAfter))).ToList();
        foreach (var gone in _certificates.GetAllLabelValues().Where(l => !shown.Any(c => c.Frontend == l[0] && c.Subject == l[1])))
            _certificates.RemoveLabelled(gone);
        foreach (var (frontend, subject, notAfter) in shown)
            _certificates.WithLabels(frontend, subject).Set(notAfter.ToUnixTimeSeconds());
    }

    private void Publish(string backend, LoadBalancer.Servers.Server server)
    {
        var counters = server.Counters;
        _active.WithLabels(backend, server.Name).Set(server.ActiveConnections);
        _given.WithLabels(backend, server.Name).IncTo(counters.Sessions);
        _serverBytes.WithLabels(backend, server.Name, "in").IncTo(counters.BytesIn);
        _serverBytes.WithLabels(backend, server.Name, "out").IncTo(counters.BytesOut);
        _errors.WithLabels(backend, server.Name, "connect").IncTo(counters.ConnectErrors);
        _errors.WithLabels(backend, server.Name, "response").IncTo(counters.ResponseErrors);
        _retries.WithLabels(backend, server.Name, "retry").IncTo(counters.Retries);
        _retries.WithLabels(backend, server.Name, "redispatch").IncTo(counters.Redispatches);
        _checks.WithLabels(backend, server.Name).IncTo(counters.CheckFailures);
        if (Volatile.Read(ref counters.Http.Requests) > 0)
        {
            PublishStatuses(counters.Http, _responses.WithLabels, backend, server.Name);
            _responseSeconds.WithLabels(backend, server.Name).IncTo(Volatile.Read(ref counters.Http.ResponseMicroseconds) / 1e6);
        }
        foreach (var state in States)
            _state.WithLabels(backend, server.Name, state).Set(server.Status.Name == state ? 1 : 0);
        _weight.WithLabels(backend, server.Name).Set(server.Weight);
        _down.WithLabels(backend, server.Name).Set(server.DownTime.TotalSeconds);
    }

    private static void PublishStatuses(HttpCounters counters, Func<string[], Counter.Child> child, params string[] labels)
    {
        for (var digit = 1; digit <= 5; digit++)
            child([.. labels, $"{digit}xx"]).IncTo(counters.StatusClass(digit));
    }
}
