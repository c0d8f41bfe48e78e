using System.Data;
using System.Data.Common;
using System.Diagnostics;
using static Contract;

/// <summary>
/// Every way in which the driver ends a statement that runs. In each, the statement is one that goes on for minutes unless
/// the server is told; behind it the session works on, and what its transaction wrote is still there.
/// </summary>
internal static class Cancellation
{
    // As a part of a statement an interrupted SLEEP is an error on both kinds of server.
    private const string Read = "SELECT 1 FROM (SELECT 1 AS x) y WHERE SLEEP(100)";
    private const string Write = "UPDATE t_unique SET v = v + 1 WHERE v > 0 AND SLEEP(100) = 0";

    /// <summary>What only <c>DBTEST_ONLY=cancellation</c> asks for.</summary>
    public static bool IsAskedFor => Setting("ONLY") == "cancellation";

    public static async Task RunAsync(Driver driver)
    {
        await AddAsync(driver, "timeout.read", Read, TimedOutAsync);
        await AddAsync(driver, "command.read", Read, ByCommandAsync);
        await AddAsync(driver, "timeout.write", Write, TimedOutAsync);
        await AddAsync(driver, "command.write", Write, ByCommandAsync);
        foreach (var (name, sql) in new[] { ("read", Read), ("write", Write) })
        {
            await AddAsync(driver, $"prepared.{name}", sql, (d, db, text) => ByCommandAsync(d, db, text, prepare: true));
            if (driver.CancelsAsync)
            {
                await AddInTransactionAsync(driver, $"timeout.{name}", sql, TimedOutAsync);
                await AddAsync(driver, $"token.{name}", sql, ByTokenAsync);
                await AddInTransactionAsync(driver, $"token.{name}", sql, ByTokenAsync);
            }
        }
    }

    private static Task AddAsync(Driver driver, string name, string sql, Func<Driver, DbConnection, string, Task<string>> cancel) =>
        CapabilityAsync($"cancel.{name}", async () =>
        {
            await using var db = await driver.OpenAsync();
            return $"{await CheckedAsync(() => cancel(driver, db, sql))}; then {await GoesOnAsync(driver, db)}";
        });

    private static Task AddInTransactionAsync(Driver driver, string name, string sql, Func<Driver, DbConnection, string, Task<string>> cancel) =>
        CapabilityAsync($"cancel.{name}.in_transaction", async () =>
        {
            await using var db = await driver.OpenAsync();
            await db.RunAsync("BEGIN");
            await db.RunAsync("INSERT INTO t_tx VALUES (7, 'kept')");
            var how = await CheckedAsync(() => cancel(driver, db, sql));
            var seen = await db.OneAsync("SELECT COUNT(*) FROM t_tx WHERE v = 'kept'");
            await db.RunAsync("ROLLBACK");
            return $"{how}; {seen} in the transaction, {await db.OneAsync("SELECT COUNT(*) FROM t_tx")} behind it";
        });

    private static async Task<string> CheckedAsync(Func<Task<string>> cancel)
    {
        var started = Stopwatch.GetTimestamp();
        var how = await cancel();
        Check(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(50), "not cancelled");
        return how;
    }

    /// <summary>By the same session where the driver keeps it, else by its successor.</summary>
    private static async Task<string> GoesOnAsync(Driver driver, DbConnection db)
    {
        await using var successor = db.State == ConnectionState.Open ? null : await driver.OpenAsync();
        return $"{db.State} {await (successor ?? db).OneAsync("SELECT v FROM t_unique WHERE id = 1")}";
    }

    private static async Task<string> TimedOutAsync(Driver driver, DbConnection db, string sql)
    {
        await using var command = db.Command(sql);
        command.CommandTimeout = 1;
        return await EndOfAsync(driver, command);
    }

    private static Task<string> ByCommandAsync(Driver driver, DbConnection db, string sql) => ByCommandAsync(driver, db, sql, prepare: false);

    private static async Task<string> ByCommandAsync(Driver driver, DbConnection db, string sql, bool prepare)
    {
        await using var command = db.Command(prepare ? sql.Replace("100", "@p0", StringComparison.Ordinal) : sql, prepare ? [100] : []);
        if (prepare)
        {
            await command.PrepareAsync();
        }

        await using var timer = new Timer(_ => command.Cancel(), null, TimeSpan.FromMilliseconds(500), Timeout.InfiniteTimeSpan);
        return await EndOfAsync(driver, command);
    }

    private static async Task<string> ByTokenAsync(Driver driver, DbConnection db, string sql)
    {
        await using var command = db.Command(sql);
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
        return await EndOfAsync(driver, () => command.ExecuteNonQueryAsync(source.Token));
    }

    private static Task<string> EndOfAsync(Driver driver, DbCommand command) =>
        EndOfAsync(driver, () => driver.CancelsAsync ? command.ExecuteNonQueryAsync() : Task.Run(command.ExecuteNonQuery));

    private static async Task<string> EndOfAsync(Driver driver, Func<Task> action)
    {
        try
        {
            await action();
            return "ended";
        }
        catch (DbException e)
        {
            return $"{driver.CodeOf(e)} {e.Message}";
        }
        catch (NullReferenceException)
        {
            // MySql.Data stumbles over its own cancellation where the server ends the statement by an error.
            return "ended by an error";
        }
        catch (OperationCanceledException e)
        {
            return $"{e.GetType().Name} {driver.CodeOf(e.InnerException ?? e)}";
        }
    }
}
