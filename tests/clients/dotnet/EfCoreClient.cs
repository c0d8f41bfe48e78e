using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Storage;
using MySqlConnector;
using static Contract;

/// <summary>Entity Framework Core with Pomelo's provider: schema creation, batches of INSERTs, LINQ, transactions, concurrency.</summary>
internal static class EfCoreClient
{
    private static readonly string Pooled = MySqlConnectorDriver.ConnectionString("Pooling=true", "Maximum Pool Size=2");

    public static async Task<int> RunAsync()
    {
        var driver = new MySqlConnectorDriver();
        Console.WriteLine($"client Pomelo-EF-Core {VersionOf(typeof(MySqlDbContextOptionsBuilderExtensions))}");
        await Statements.LoginsAsync(driver);
        await using (var library = new Library(Pooled))
        {
            await library.GetService<IRelationalDatabaseCreator>().CreateTablesAsync();
        }

        await EntitiesAsync();
        await TransactionsAsync();
        await using var db = await driver.OpenAsync();
        await CapabilityAsync("error.duplicate", async () =>
        {
            await using var library = new Library(Pooled);
            library.Add(new Author { Name = "Ada" });
            return await driver.RefusedAsync(async () =>
            {
                try
                {
                    await library.SaveChangesAsync();
                }
                catch (DbUpdateException e)
                {
                    throw e.InnerException!;
                }
            }, 1062);
        });
        Skip("Entity Framework adds nothing to its driver here (see mysqlconnector)", "ping", "use_database", "metadata", "warnings", "user_variables", "temporary_table",
            "session_settings", "large.in", "large.out", "cursor", "cancel", "change_user", "error.syntax", "error.no_table", "error.lock", "load_data_local",
            "compression", "attributes", "results.out", "found_rows");
        return 0;
    }

    /// <summary>The ways to end a statement that Entity Framework adds to its driver's.</summary>
    public static async Task CancelAsync()
    {
        var driver = new MySqlConnectorDriver();
        await CapabilityAsync("cancel.timeout", () => EndedAsync(driver, library =>
        {
            library.Database.SetCommandTimeout(1);
            return SleepAsync(library, default);
        }));
        await CapabilityAsync("cancel.token", async () =>
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            return await EndedAsync(driver, library => SleepAsync(library, source.Token));
        });
        await CapabilityAsync("cancel.token.in_transaction", async () =>
        {
            using var source = new CancellationTokenSource(TimeSpan.FromMilliseconds(500));
            return await EndedAsync(driver, async library =>
            {
                await using var transaction = await library.Database.BeginTransactionAsync();
                await library.Database.ExecuteSqlAsync($"INSERT INTO t_tx VALUES (1, 'lost')");
                await SleepAsync(library, source.Token);
            });
        });
    }

    private static Task SleepAsync(Library library, CancellationToken cancelled) =>
        library.Database.SqlQuery<int>($"SELECT x AS Value FROM (SELECT 1 AS x) y WHERE SLEEP({100})").ToListAsync(cancelled);

    private static async Task<object?> EndedAsync(MySqlConnectorDriver driver, Func<Library, Task> action)
    {
        await using var library = new Library(Pooled);
        string how;
        try
        {
            await action(library);
            how = "ended";
        }
        catch (Exception e) when (e is DbException or OperationCanceledException or InvalidOperationException)
        {
            how = $"{e.GetType().Name} {driver.CodeOf(e)}";
        }

        // From the driver's pool: perhaps the very connection.
        await using var next = new Library(Pooled);
        return $"{how}; then {(await next.Database.SqlQuery<int>($"SELECT COUNT(*) AS Value FROM t_tx").ToListAsync())[0]}";
    }

    private static async Task EntitiesAsync()
    {
        await using var library = new Library(Pooled);
        // One batch: INSERT … ; SELECT … WHERE ROW_COUNT() = 1 AND Id = LAST_INSERT_ID() in one command.
        await CapabilityAsync("insert_id", async () =>
        {
            library.AddRange(
                new Author { Name = "Ada", Books = [Book("Grüße 🐬", 1.5m), Book("漢字", 99999999999999.123456m)] }, new Author { Name = "Bob", Books = [Book("表ソ", -1)] });
            var saved = await library.SaveChangesAsync();
            return new object[] { saved, library.Authors.Local.Select(a => a.Id).Order(), library.Books.Local.Select(b => b.Id).Order() };
        });
        await CapabilityAsync("text.types", async () =>
        {
            library.ChangeTracker.Clear();
            return (await library.Books.OrderBy(b => b.Id).ToListAsync()).Select(b =>
                new object?[] { b.Id, b.Title, b.Price, b.Printed, b.Read, b.Code, b.Cover, b.Weight, b.Sold, b.AuthorId });
        });
        await CapabilityAsync("prepared.types", async () => await library.Authors.Where(a => a.Books.Any(b => b.Price > 1m && b.Printed < new DateTime(2025, 1, 1)))
            .Select(a => new { a.Name, Sum = a.Books.Sum(b => b.Price), a.Books.Count }).OrderBy(a => a.Name).Select(a => $"{a.Name} {a.Sum} {a.Count}").ToListAsync());
        await CapabilityAsync("prepared.nulls", async () => await library.Books.Where(b => b.Cover == null && b.Weight == null).CountAsync());
        await CapabilityAsync("prepared.reexecute", async () =>
        {
            var compiled = EF.CompileAsyncQuery((Library l, string name) => l.Authors.Count(a => a.Name == name));
            return new[] { await compiled(library, "Ada"), await compiled(library, "nobody"), await compiled(library, "Bob") };
        });
        await CapabilityAsync("charsets", async () => await library.Books.Where(b => b.Title.StartsWith("Grüße") || b.Title == "漢字").Select(b => b.Title).OrderBy(t => t).ToListAsync());
        await CapabilityAsync("affected_rows", async () => new[]
        {
            await library.Books.Where(b => b.Price < 0).ExecuteUpdateAsync(s => s.SetProperty(b => b.Price, b => b.Price - 1)),
            await library.Books.Where(b => b.Price > 1e9m).ExecuteDeleteAsync(),
        });
        await CapabilityAsync("results.multi", async () => (await library.Authors.Include(a => a.Books).AsSplitQuery().OrderBy(a => a.Id).ToListAsync()).Select(a => $"{a.Name} {a.Books.Count}"));
        await CapabilityAsync("results.call", async () => await library.Database.SqlQuery<int>($"SELECT n AS Value FROM t_numbers WHERE n < {3} ORDER BY n").ToListAsync());
        await CapabilityAsync("streaming", async () =>
        {
            var count = 0;
            await foreach (var n in library.Database.SqlQuery<int>($"SELECT n AS Value FROM t_numbers").AsAsyncEnumerable())
            {
                count++;
            }

            return count;
        });
    }

    private static async Task TransactionsAsync()
    {
        async Task<string> NamesAsync(Library library) => string.Join(' ', await library.Authors.OrderBy(a => a.Name).Select(a => a.Name).ToListAsync());
        await using var library = new Library(Pooled);
        foreach (var (name, commit) in new[] { ("transaction.commit", true), ("transaction.rollback", false) })
        {
            await CapabilityAsync(name, async () =>
            {
                await using var transaction = await library.Database.BeginTransactionAsync();
                library.Add(new Author { Name = name });
                await library.SaveChangesAsync();
                var inside = await NamesAsync(library);
                await (commit ? transaction.CommitAsync() : transaction.RollbackAsync());
                library.ChangeTracker.Clear();
                return $"{inside}, then {await NamesAsync(library)}";
            });
        }

        await CapabilityAsync("transaction.savepoint", async () =>
        {
            await using var transaction = await library.Database.BeginTransactionAsync();
            library.Add(new Author { Name = "before" });
            await library.SaveChangesAsync();
            await transaction.CreateSavepointAsync("a");
            library.Add(new Author { Name = "undone" });
            await library.SaveChangesAsync();
            await transaction.RollbackToSavepointAsync("a");
            await transaction.CommitAsync();
            library.ChangeTracker.Clear();
            return await NamesAsync(library);
        });
        await CapabilityAsync("pool.reset", async () =>
        {
            List<string> seen = [];
            for (var i = 0; i < 3; i++)
            {
                await using var next = new Library(Pooled);
                seen.Add((await next.Database.SqlQuery<string>($"SELECT CAST(COALESCE(@a, 'none') AS CHAR) AS Value").ToListAsync())[0]);
                await next.Database.ExecuteSqlRawAsync("SET @a = 'left'");
            }

            return seen;
        });
    }

    private static Book Book(string title, decimal price) => new()
    {
        Title = title, Price = price, Printed = new DateTime(2024, 2, 29, 23, 59, 59).AddTicks(1234560), Read = new TimeSpan(0, 3, 4, 5, 6), Code = new Guid("01020304-0506-0708-090a-0b0c0d0e0f10"),
        Cover = price > 0 ? [0, 255, 39, 92] : null, Weight = price > 0 ? -2.5e-10 : null, Sold = price > 0,
    };
}
