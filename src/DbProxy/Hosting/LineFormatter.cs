using System.Globalization;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using Microsoft.AspNetCore.Connections;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace DbProxy.Hosting;

/// <summary>
/// One line an event for people: <c>2026-01-31T12:00:00.000Z WARN  TopologyMonitor: db2 is down</c>. The category is
/// shortened to its type; JSON logs have it whole.
/// </summary>
internal sealed class LineFormatter(TimeProvider? clock = null) : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "line";

    private readonly TimeProvider _clock = clock ?? TimeProvider.System;

    public override void Write<TState>(in LogEntry<TState> logEntry, IExternalScopeProvider? scopeProvider, TextWriter textWriter)
    {
        var message = logEntry.Formatter(logEntry.State, logEntry.Exception);
        textWriter.Write(_clock.GetUtcNow().ToString(LoggingSetup.TimestampFormat, CultureInfo.InvariantCulture));
        textWriter.Write(Level(logEntry.LogLevel));
        textWriter.Write(logEntry.Category.AsSpan(logEntry.Category.LastIndexOf('.') + 1));
        textWriter.Write(": ");
        textWriter.Write(OneLine(message));
        if (logEntry.Exception is { } exception)
        {
            textWriter.Write(" | ");
            textWriter.Write(OneLine(IsForPeople(exception) ? exception.Message : exception.ToString()));
        }
        textWriter.Write('\n');
    }

    /// <summary>What the operator can mend, an address in use for example: where in the code it was noticed is no help.</summary>
    private static bool IsForPeople(Exception exception) =>
        exception is BalancerException or ConfigException or { InnerException: AddressInUseException };

    private static string Level(LogLevel level) => level switch
    {
        LogLevel.Trace => " TRACE ",
        LogLevel.Debug => " DEBUG ",
        LogLevel.Information => " INFO  ",
        LogLevel.Warning => " WARN  ",
        LogLevel.Error => " ERROR ",
        _ => " FATAL ",
    };

    /// <summary>A client can put line ends and a terminal's control characters into a message: they must not make lines that look
    /// like the proxy's own, nor change a reader's screen.</summary>
    private static string OneLine(string text)
    {
        if (text.AsSpan().IndexOfAnyInRange('\0', '\x1f') < 0 && !text.Contains('\x7f', StringComparison.Ordinal))
            return text;
        var line = string.Join(" | ", text.Split(['\r', '\n'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries));
        return string.Concat(line.Select(static c => c is '\t' || !char.IsControl(c) ? $"{c}" : $"\\x{(int)c:x2}"));
    }
}
