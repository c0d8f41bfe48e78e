using System.Collections.Immutable;
using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Configuration;

/// <summary>What is logged, and how; see <see cref="LoggingOptions"/>.</summary>
public sealed record LoggingConfig
{
    /// <summary>Copies <paramref name="options"/>, whose values were validated.</summary>
    public LoggingConfig(LoggingOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        Level = options.Level;
        Format = options.Format;
        Categories = options.Categories.ToImmutableDictionary(StringComparer.Ordinal);
    }

    /// <inheritdoc cref="LoggingOptions.Level"/>
    public LogLevel Level { get; init; }

    /// <inheritdoc cref="LoggingOptions.Format"/>
    public LogFormat Format { get; init; }

    /// <inheritdoc cref="LoggingOptions.Categories"/>
    public ImmutableDictionary<string, LogLevel> Categories { get; init; }
}
