using System.Data.Common;
using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using static Contract;

/// <summary>Transactions, session state, errors, transfers.</summary>
internal static class Sessions
{
    public static async Task RunAsync(Driver driver, DbConnection db)
    {
        await TransactionsAsync(db);
        await StateAsync(driver, db);
        await ErrorsAsync(driver, db);
        await TransfersAsync(db);
    }

    private static async Task TransactionsAsync(DbConnection db)
    {
        async Task<string> IdsAsync() => string.Join(' ', (await db.RowsAsync("SELECT id FROM t_tx ORDER BY id")).Select(r => r[0]));
        async Task CheckIdsAsync(string expected) => Check(await IdsAsync() == expected, await IdsAsync());
        await CapabilityAsync("transaction.commit", async () =>
        {
            await using var transaction = await db.BeginTransactionAsync();
            await db.RunAsync("INSERT INTO t_tx VALUES (1, 'one')");
            await CheckIdsAsync("1");
            await transaction.CommitAsync();
            await CheckIdsAsync("1");
            return null;
        });
        await CapabilityAsync("transaction.rollback", async () =>
        {
            await using var transaction = await db.BeginTransactionAsync();
            await db.RunAsync("INSERT INTO t_tx VALUES (@p0, @p1)", 2, "two");
            await CheckIdsAsync("1 2");
            await transaction.RollbackAsync();
            await CheckIdsAsync("1");
            return null;
        });
        await CapabilityAsync("transaction.savepoint", async () =>
        {
            await using var transaction = await db.BeginTransactionAsync();
            foreach (var sql in new[] { "INSERT INTO t_tx VALUES (3, 'three')", "SAVEPOINT a", "INSERT INTO t_tx VALUES (4, 'four')", "ROLLBACK TO a" })
            {
                await db.RunAsync(sql);
            }

            await transaction.CommitAsync();
            await CheckIdsAsync("1 3");
            return null;
        });
    }

    private static async Task StateAsync(Driver driver, DbConnection db)
    {
        await CapabilityAsync("user_variables", async () =>
        {
            await db.RunAsync("SET @a = 7, @b = 'text'");
            await db.RunAsync("INSERT INTO t_auto (v) VALUES ('between')");
            return await db.RowsAsync("SELECT @a, @b");
        });
        await CapabilityAsync("temporary_table", async () =>
        {
            await db.RunAsync("CREATE TEMPORARY TABLE tmp (id INT)");
            await db.RunAsync("INSERT INTO tmp VALUES (1), (2)");
            var sum = await db.OneAsync("SELECT SUM(id) FROM tmp");
            await db.RunAsync("DROP TEMPORARY TABLE tmp");
            return sum;
        });
        await CapabilityAsync("session_settings", async () =>
        {
            await using var other = await driver.OpenAsync();
            await other.RunAsync("SET time_zone = '+05:30', sql_mode = 'ANSI_QUOTES'");
            await other.RunAsync("UPDATE t_unique SET v = v + 1");
            return await other.RowsAsync("SELECT @@time_zone, @@sql_mode, \"v\" FROM t_unique WHERE \"id\" = 1");
        });
        await CapabilityAsync("cancel", async () => await CancelAsync(driver));
        await CapabilityAsync("pool.reset", async () =>
        {
            List<object> seen = [];
            var thread = 0L;
            for (var i = 0; i < 3; i++)
            {
                await using var pooled = await driver.OpenAsync("Pooling=true", "Connection Reset=true", "Maximum Pool Size=1");
                seen.Add(await pooled.RowsAsync("SELECT @a, @@sql_mode = @@global.sql_mode, DATABASE()"));
                await pooled.RunAsync("SET @a = 5, sql_mode = ''");
                await pooled.RunAsync("CREATE TEMPORARY TABLE tmp_pool (id INT)");
                Check(thread == 0 || thread == driver.ThreadId(pooled), "the pool uses its connection again");
                thread = driver.ThreadId(pooled);
            }

            return seen;
        });
    }

    private static async Task<object?> CancelAsync(Driver driver)
    {
        await using var victim = await driver.OpenAsync();
        var started = Stopwatch.GetTimestamp();
        var how = driver.CancelsAsync ? $"{await TimedOutAsync(driver, victim)} {await CancelledByTokenAsync(victim)}" : await CancelledByThreadAsync(driver, victim);
        Check(Stopwatch.GetElapsedTime(started) < TimeSpan.FromSeconds(90), "not cancelled");
        await using var successor = victim.State == System.Data.ConnectionState.Open ? null : await driver.OpenAsync();
        return $"{how} {await (successor ?? victim).OneAsync("SELECT 5")}";
    }

    private static async Task<string> TimedOutAsync(Driver driver, DbConnection victim)
    {
        await using var command = victim.Command("SELECT SLEEP(100)");
        command.CommandTimeout = 1;
        try
        {
            return $"slept {Text(await command.ExecuteScalarAsync())}";
        }
        catch (DbException e)
        {
            return $"{driver.CodeOf(e)} {e.Message}";
        }
    }

    private static async Task<string> CancelledByTokenAsync(DbConnection victim)
    {
        await using var command = victim.Command("SELECT SLEEP(100)");
        using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        try
        {
            return $"slept {Text(await command.ExecuteScalarAsync(source.Token))}";
        }
        catch (Exception e) when (e is DbException or OperationCanceledException)
        {
            return e.GetType().Name;
        }
    }

    private static async Task<string> CancelledByThreadAsync(Driver driver, DbConnection victim)
    {
        await using var command = victim.Command("SELECT SLEEP(30)");
        await using var timer = new Timer(_ => command.Cancel(), null, TimeSpan.FromMilliseconds(500), Timeout.InfiniteTimeSpan);
        try
        {
            // A sleep that is killed ends with 1, one that was not with 0.
            var slept = Text(await Task.Run(command.ExecuteScalar).WaitAsync(TimeSpan.FromSeconds(60)));
            Check(slept != "0", "slept to its end");
            return $"slept {slept}";
        }
        catch (NullReferenceException)
        {
            // MySql.Data stumbles over its own cancellation where the server ends the statement by an error, as MariaDB does.
            return "ended";
        }
        catch (DbException e)
        {
            return $"{driver.CodeOf(e)} {e.Message}";
        }
    }

    private static async Task ErrorsAsync(Driver driver, DbConnection db)
    {
        await CapabilityAsync("error.duplicate", async () => await driver.RefusedAsync(() => db.RunAsync("INSERT INTO t_unique VALUES (1, 1)"), 1062));
        await CapabilityAsync("error.syntax", async () => await driver.RefusedAsync(() => db.RunAsync("SELEC 1"), 1064));
        await CapabilityAsync("error.no_table", async () => await driver.RefusedAsync(() => db.RowsAsync("SELECT * FROM no_such_table"), 1146));
        await CapabilityAsync("error.lock", async () =>
        {
            await using var other = await driver.OpenAsync();
            await using var transaction = await db.BeginTransactionAsync();
            await db.RowsAsync("SELECT * FROM t_unique WHERE id = 1 FOR UPDATE");
            return await driver.RefusedAsync(() => other.RowsAsync("SELECT * FROM t_unique WHERE id = 1 FOR UPDATE NOWAIT"), 3572, 1205);
        });
    }

    private static async Task TransfersAsync(DbConnection db)
    {
        await CapabilityAsync("large.in", async () =>
        {
            var value = Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat("0123456789abcdef", Size >> 4)));
            await db.RunAsync("INSERT INTO t_large VALUES (1, @p0)", value);
            var row = (await db.RowsAsync("SELECT LENGTH(v), SHA2(v, 256) FROM t_large WHERE id = 1"))[0];
            Check(Text(row) == $"[{Size}, {Convert.ToHexStringLower(SHA256.HashData(value))}]", row);
            return null;
        });
        await CapabilityAsync("large.out", async () =>
        {
            var value = await db.OneAsync($"SELECT REPEAT('0123456789abcdef', {Size >> 4})");
            return $"{value.Length} {Convert.ToHexStringLower(SHA256.HashData(Encoding.ASCII.GetBytes(value)))}";
        });
        await CapabilityAsync("streaming", async () =>
        {
            var count = 0;
            await using (var command = db.Command("SELECT n, v FROM t_numbers ORDER BY n"))
            await using (var reader = await command.ExecuteReaderAsync(System.Data.CommandBehavior.SequentialAccess))
            {
                while (await reader.ReadAsync())
                {
                    Check(reader.GetInt32(0) == count++);
                }
            }

            await using (var half = db.Command("SELECT n, v FROM t_numbers ORDER BY n"))
            await using (var reader = await half.ExecuteReaderAsync())
            {
                await reader.ReadAsync();
            }

            return $"{count} {await db.OneAsync("SELECT COUNT(*) FROM t_numbers")}";
        });
    }
}
