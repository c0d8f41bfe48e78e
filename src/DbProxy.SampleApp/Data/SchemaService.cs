using DbProxy.SampleApp.Http;

namespace DbProxy.SampleApp.Data;

/// <summary>Creates the tables when the database can be reached, which may be later than this server's start.</summary>
internal sealed partial class SchemaService(ShopDatabase database, Readiness readiness, ILogger<SchemaService> logger) : BackgroundService
{
    private static readonly TimeSpan _pause = TimeSpan.FromSeconds(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (!stoppingToken.IsCancellationRequested)
        {
            try
            {
                await database.CreateTablesAsync(stoppingToken);
                readiness.TablesAreThere();
                LogReady();
                return;
            }
            catch (Exception error) when (ErrorAnswers.IsDatabases(error))
            {
                LogLater(error.Message);
                await Task.Delay(_pause, stoppingToken);
            }
        }
    }

    [LoggerMessage(1, LogLevel.Information, "The tables are there")]
    private partial void LogReady();

    [LoggerMessage(2, LogLevel.Warning, "The tables can't be created yet: {Reason}")]
    private partial void LogLater(string reason);
}
