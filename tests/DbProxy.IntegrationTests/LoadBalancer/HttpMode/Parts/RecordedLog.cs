using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>Keeps log lines with their values, as a JSON sink would.</summary>
internal sealed class RecordedLog : ILoggerFactory, ILogger
{
    public ConcurrentQueue<(EventId Id, string Text, IReadOnlyDictionary<string, object?> Values)> Lines { get; } = new();

    /// <summary>The lines of ended requests.</summary>
    public IEnumerable<IReadOnlyDictionary<string, object?>> Requests => Lines.Where(l => l.Id.Id == 4110).Select(l => l.Values);

    public ILogger CreateLogger(string categoryName) => this;

    public void AddProvider(ILoggerProvider provider)
    {
    }

    public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (IsEnabled(logLevel))
            Lines.Enqueue((eventId, $"{formatter(state, exception)} {exception}", (state as IEnumerable<KeyValuePair<string, object?>> ?? []).ToDictionary(v => v.Key, v => v.Value)));
    }

    public void Dispose()
    {
    }
}
