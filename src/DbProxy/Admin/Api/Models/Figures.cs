using System.Text.Json.Serialization;

namespace DbProxy.Admin.Api.Models;

/// <summary>Sessions, connections or requests at a time.</summary>
/// <param name="Now">How many there are.</param>
/// <param name="Max">The most at a time.</param>
/// <param name="Limit">How many there may be; null: any number.</param>
/// <param name="Total">How many there were.</param>
internal sealed record SessionFigures(long Now, long Max, long? Limit, long Total);

/// <summary>How often something happens.</summary>
/// <param name="Now">Times in the last second.</param>
/// <param name="Max">The most in a second.</param>
internal sealed record RateFigures(double Now, double Max);

/// <summary>Bytes passed on.</summary>
/// <param name="In">From clients.</param>
/// <param name="Out">To clients.</param>
internal sealed record ByteFigures(long In, long Out);

/// <summary>Those who wait for a server.</summary>
/// <param name="Now">How many there are.</param>
/// <param name="Max">The most at a time.</param>
/// <param name="Limit">How many there may be.</param>
internal sealed record QueueFigures(int Now, int Max, int Limit);

/// <summary>What went wrong with servers.</summary>
/// <param name="Connect">Connections that could not be opened.</param>
/// <param name="Response">Responses that were broken off or never came.</param>
internal sealed record ErrorFigures(long Connect, long Response);

/// <summary>What frontends refused.</summary>
/// <param name="Rules">By access rules.</param>
/// <param name="Rates">By rate limits.</param>
internal sealed record DeniedFigures(long Rules, long Rates);

/// <summary>HTTP requests by the class of their status.</summary>
internal sealed record RequestFigures(
    long Total, RateFigures Rate,
    [property: JsonPropertyName("1xx")] long Informational,
    [property: JsonPropertyName("2xx")] long Success,
    [property: JsonPropertyName("3xx")] long Redirects,
    [property: JsonPropertyName("4xx")] long ClientErrors,
    [property: JsonPropertyName("5xx")] long ServerErrors);
