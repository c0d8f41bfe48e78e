using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.HttpMode.Settings;

/// <summary>A request that is answered without a server: a redirect where there is a location, else a fixed response.</summary>
public sealed record AnswerRule
{
    /// <summary>For the log.</summary>
    public required string Name { get; init; }

    /// <summary>What it is about; an empty one is every request: a maintenance page.</summary>
    public Match Match { get; init; } = new();

    /// <summary>The status, 200 to 599. Default 302.</summary>
    public int Status { get; init; } = 302;

    /// <summary>Where to; <c>{scheme}</c>, <c>{host}</c>, <c>{path}</c> and <c>{query}</c> (with its question mark) stand for
    /// those of the request. Null: it is no redirect.</summary>
    public string? Location { get; init; }

    /// <summary>The body. Default none.</summary>
    public string Body { get; init; } = "";

    /// <summary>The body's type. Default text/html.</summary>
    public string ContentType { get; init; } = "text/html; charset=utf-8";

    /// <summary>After what time a client should come again; zero, the default: nothing is said of it.</summary>
    public TimeSpan RetryAfter { get; init; }
}
