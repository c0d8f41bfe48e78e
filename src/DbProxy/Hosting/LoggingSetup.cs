using System.Text.Json;
using DbProxy.Core.Configuration;
using Microsoft.Extensions.Logging.Console;
using Microsoft.Extensions.Options;

namespace DbProxy.Hosting;

/// <summary>Sends log lines to the standard output in the configured form.</summary>
internal static class LoggingSetup
{
    /// <summary>ISO 8601 in UTC, to the millisecond.</summary>
    internal const string TimestampFormat = "yyyy-MM-dd'T'HH:mm:ss.fff'Z'";

    public static void Configure(ILoggingBuilder logging, LoggingConfig config)
    {
        logging.ClearProviders();
        logging.Services.AddSingleton<LogLevels>();
        logging.Services.AddSingleton<IConfigureOptions<LoggerFilterOptions>>(s => s.GetRequiredService<LogLevels>());
        logging.Services.AddSingleton<IOptionsChangeTokenSource<LoggerFilterOptions>>(s => s.GetRequiredService<LogLevels>());
        logging.AddConsole(options =>
        {
            options.FormatterName = FormatterFor(config.Format);
            // A terminal or pipe that nobody reads must cost log lines, not sessions: the data path never blocks.
            options.QueueFullMode = ConsoleLoggerQueueFullMode.DropWrite;
        });
        logging.AddConsoleFormatter<LineFormatter, ConsoleFormatterOptions>();
        logging.AddJsonConsole(options =>
        {
            options.UseUtcTimestamp = true;
            options.TimestampFormat = TimestampFormat;
            options.JsonWriterOptions = new JsonWriterOptions { Indented = false };
        });
        // AddJsonConsole names its own formatter: the choice must come after it.
        logging.Services.Configure<ConsoleLoggerOptions>(options => options.FormatterName = FormatterFor(config.Format));
    }

    /// <summary>Under systemd the journal adds the time, and takes the level from a prefix that its formatter writes.</summary>
    private static string FormatterFor(LogFormat format) =>
        format == LogFormat.Json ? ConsoleFormatterNames.Json
        : SystemdSetup.IsActive ? ConsoleFormatterNames.Systemd
        : LineFormatter.FormatterName;
}
