using System.Collections.Immutable;

namespace DbProxy.Demo;

/// <summary>One line of the proxy's log.</summary>
internal sealed record DemoEvent(DateTime Time, LogLevel Level, string Text);

/// <summary>Keeps the proxy's last log lines for a corner of the screen, where a console logger would destroy the picture.</summary>
internal sealed class RecentEvents : ILoggerProvider
{
    private const int Kept = 50;
    private ImmutableList<DemoEvent> _events = [];
    private long _count;

    /// <summary>The last lines, oldest first.</summary>
    public ImmutableList<DemoEvent> Last => Volatile.Read(ref _events);

    /// <summary>The lines since a former count, as far as they are kept, and the count now.</summary>
    public (IReadOnlyList<DemoEvent> Events, long Count) Since(long count)
    {
        lock (this)
        {
            return ([.. _events.TakeLast((int)Math.Min(Kept, _count - count))], _count);
        }
    }

    /// <summary>A factory whose loggers write here: warnings of all, and what the monitor has to tell.</summary>
    public ILoggerFactory CreateFactory() => LoggerFactory.Create(logging => logging
        .SetMinimumLevel(LogLevel.Warning)
        .AddFilter("DbProxy.Core.Monitoring", LogLevel.Information)
        .AddProvider(this));

    public ILogger CreateLogger(string categoryName) => new Line(this);

    public void Dispose()
    {
    }

    private void Add(LogLevel level, string text)
    {
        lock (this)
        {
            var kept = _events.Count < Kept ? _events : _events.RemoveAt(0);
            _events = kept.Add(new DemoEvent(DateTime.Now, level, text.ReplaceLineEndings(" ")));
            _count++;
        }
    }

    private sealed class Line(RecentEvents events) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state) where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

        public void Log<TState>(
            LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter) =>
            events.Add(logLevel, exception is null ? formatter(state, exception) : $"{formatter(state, exception)}: {exception.Message}");
    }
}
