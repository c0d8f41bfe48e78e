using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>Keeps what a proxy logs.</summary>
public sealed class ProxyLog : ILoggerFactory
{
    private readonly ConcurrentQueue<(LogLevel Level, string Text)> _lines = new();

    /// <summary>Each line with its level and, if there is one, the exception.</summary>
    public IEnumerable<(LogLevel Level, string Text)> Lines => _lines;

    /// <summary>Lines of severity Error and above: bugs.</summary>
    public IEnumerable<string> Errors => _lines.Where(l => l.Level >= LogLevel.Error).Select(l => l.Text);

    public ILogger CreateLogger(string categoryName) => new Category(_lines, categoryName);

    public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

    public void Dispose()
    {
    }

    private sealed class Category(ConcurrentQueue<(LogLevel, string)> lines, string name) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(LogLevel level, EventId id, TState state, Exception? error, Func<TState, Exception?, string> format)
        {
            if (IsEnabled(level))
            {
                lines.Enqueue((level, $"{level} {name}: {format(state, error)}{(error is null ? "" : "\n" + error)}"));
            }
        }
    }
}
