using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Configuration;

/// <summary>What is logged, and how. Log lines go to the standard output.</summary>
public sealed class LoggingOptions
{
    /// <summary>The least severe level that is logged.</summary>
    /// <remarks>Debug and Trace log each session or statement and cost throughput.</remarks>
    public LogLevel Level { get; set; } = LogLevel.Information;

    /// <summary>Text for people or JSON for log collectors.</summary>
    /// <remarks>A change needs a restart.</remarks>
    public LogFormat Format { get; set; } = LogFormat.Console;

    /// <summary>Levels for single categories or their prefixes, such as { "DbProxy.Core.Monitoring": "Debug" }.</summary>
    public Dictionary<string, LogLevel> Categories { get; set; } = [];
}
