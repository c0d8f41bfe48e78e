using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.HttpMode.Requests;
using DbProxy.LoadBalancer.HttpMode.Steps;

namespace DbProxy.LoadBalancer.HttpMode;

/// <summary>The way of a request: rates → access → answers → route → lease and forward, with retries. Immutable.</summary>
internal sealed class HttpPipeline
{
    private readonly Identity _identity;
    private readonly ErrorAnswers _errors;
    private readonly RateStep _rates;
    private readonly AccessStep _access;
    private readonly AnswerStep _answers;
    private readonly RouteStep _route;
    private readonly ForwardStep _forward;

    public HttpPipeline(FrontendConfig frontend, HttpConfig config, FrontendParts parts)
    {
        Config = config;
        _identity = new(config);
        _errors = new(config, _identity);
        var refusals = new Refusals(_errors, frontend.TarpitDelay, parts.Time);
        _rates = new(parts, refusals);
        _access = new(frontend, config, parts.Counters, refusals, _errors);
        _answers = new(config);
        _route = new(frontend, parts.Backends);
        _forward = new(config, parts, _errors);
    }

    public HttpConfig Config { get; }

    /// <summary>Serves a request; each step either ends it with a response or passes it on.</summary>
    public async Task ServeAsync(Exchange exchange)
    {
        _identity.Apply(exchange);
        if (await _rates.RefusesAsync(exchange) || await _access.RefusesAsync(exchange) || await _answers.AnswersAsync(exchange))
            return;
        if (_route.BackendFor(exchange) is { } backend)
            await _forward.RunAsync(exchange, backend);
        else
            await _errors.WriteAsync(exchange, 503, EndState.NoBackend);
    }

    /// <summary>Answers after a defect of the proxy, where anything can be answered yet.</summary>
    public ValueTask FailAsync(Exchange exchange) => _errors.WriteAsync(exchange, 500, EndState.Defect);
}
