using System.Data.Common;
using static Contract;

/// <summary>Logins, types, results.</summary>
internal static class Statements
{
    public static async Task LoginsAsync(Driver driver)
    {
        async Task<string> LoginAsync(params string[] options)
        {
            await using var db = await driver.OpenAsync(options);
            return await db.OneAsync("SELECT CURRENT_USER()");
        }

        await CapabilityAsync("login.default", async () => await LoginAsync());
        foreach (var plugin in Contract.Plugins)
        {
            await CapabilityAsync($"login.{plugin}", async () =>
            {
                var account = Account(plugin) ?? throw new SkipException("the server has no such accounts");
                if (!driver.Plugins.Contains(plugin))
                {
                    throw new SkipException("the driver does not know this plugin");
                }

                string[] options = [$"User ID={account.User}", $"Password={account.Password}"];
                return $"{await LoginAsync(options)} {await LoginAsync(options)}";
            });
        }

        await CapabilityAsync("login.wrong_password", async () => await driver.RefusedAsync(() => LoginAsync("Password=wrong"), 1045));
        await CapabilityAsync("login.unknown_database", async () => await driver.RefusedAsync(() => LoginAsync("Database=test_no_such"), 1049));
    }

    public static async Task RunAsync(Driver driver, DbConnection db)
    {
        await CapabilityAsync("use_database", async () =>
        {
            await db.ChangeDatabaseAsync("information_schema");
            var there = await db.OneAsync("SELECT DATABASE()");
            await db.ChangeDatabaseAsync(Setting("SCHEMA"));
            return $"{there} {await db.OneAsync("SELECT DATABASE()")}";
        });
        await TypesAsync(db);
        await CapabilityAsync("charsets", async () =>
        {
            await db.RunAsync($"REPLACE INTO t_text VALUES (1, {Ado.Marks(5)})", Texts);
            var back = (await db.RowsAsync("SELECT l, g, s, w, u FROM t_text WHERE id = 1"))[0];
            Check(back.SequenceEqual(Texts), back);
            return await db.RowsAsync("SELECT HEX(l), HEX(g), HEX(s), HEX(w), HEX(u) FROM t_text WHERE id = 1");
        });
        await CapabilityAsync("metadata", async () =>
        {
            await using var command = db.Command($"SELECT id, {Types}, COUNT(*) OVER () AS counted, 1 + 1 FROM t_types WHERE id = 1");
            await using var reader = await command.ExecuteReaderAsync();
            return Enumerable.Range(0, reader.FieldCount).Select(i => $"{reader.GetName(i)} {reader.GetDataTypeName(i)} {reader.GetFieldType(i).Name}").ToList();
        });
        await ResultsAsync(driver, db);
    }

    private static async Task TypesAsync(DbConnection db)
    {
        await CapabilityAsync("text.types", async () =>
        {
            await db.RunAsync($"INSERT INTO t_types (id, {Types}) VALUES (10, {Ado.Marks(Values.Length)})", Values);
            return await db.RowsAsync($"SELECT {Types} FROM t_types WHERE id <= 10 ORDER BY id");
        });
        await CapabilityAsync("prepared.types", async () =>
        {
            await using var insert = db.Command($"INSERT INTO t_types (id, {Types}) VALUES (20, {Ado.Marks(Values.Length)})", Values);
            await insert.PrepareAsync();
            await insert.ExecuteNonQueryAsync();
            await using var select = db.Command($"SELECT {Types} FROM t_types WHERE id IN (1, 2, @p0) ORDER BY id", 20);
            await select.PrepareAsync();
            return await select.AllAsync();
        });
        await CapabilityAsync("prepared.nulls", async () =>
        {
            await using var insert = db.Command($"INSERT INTO t_types (id, {Types}) VALUES (21, {Ado.Marks(Values.Length)})", new object?[Values.Length]);
            await insert.PrepareAsync();
            await insert.ExecuteNonQueryAsync();
            await using var select = db.Command($"SELECT {Types}, @p0 AS p FROM t_types WHERE id = 21", [null]);
            await select.PrepareAsync();
            var row = (await select.AllAsync())[0];
            Check(row.Count == Values.Length + 1 && row.All(v => v is DBNull), row);
            return null;
        });
        await CapabilityAsync("prepared.reexecute", async () =>
        {
            await using var command = db.Command("SELECT v + @p0 AS v, CONCAT(@p1, id) AS c FROM t_unique WHERE id > 0 ORDER BY id", 0, "text");
            await command.PrepareAsync();
            List<object> seen = [];
            foreach (var value in new object[] { 1, 2, DBNull.Value, 4, 5, 6, 7, 8, 9, 10 })
            {
                command.Parameters[0].Value = value;
                seen.Add(await command.AllAsync());
            }

            return seen;
        });
    }

    private static async Task ResultsAsync(Driver driver, DbConnection db)
    {
        await CapabilityAsync("results.multi", async () => await db.RowsAsync("SELECT 1; UPDATE t_unique SET v = v + 1 WHERE id = 1; SELECT 'a', NULL"));
        await CapabilityAsync("results.call", async () => await db.RowsAsync("CALL p_two(5)"));
        await CapabilityAsync("results.out", async () =>
        {
            await using var call = db.Command("p_out", 21, DBNull.Value, "in");
            call.CommandType = System.Data.CommandType.StoredProcedure;
            string[] names = ["@a", "@b", "@c"];
            for (var i = 0; i < 3; i++)
            {
                call.Parameters[i].ParameterName = names[i];
            }

            (call.Parameters[1].Direction, call.Parameters[2].Direction) = (System.Data.ParameterDirection.Output, System.Data.ParameterDirection.InputOutput);
            call.Parameters[1].DbType = System.Data.DbType.Int32;
            await call.ExecuteNonQueryAsync();
            return new[] { call.Parameters[1].Value, call.Parameters[2].Value };
        });
        await CapabilityAsync("insert_id", async () =>
        {
            await using var first = db.Command("INSERT INTO t_auto (v) VALUES (@p0)", "first");
            await first.ExecuteNonQueryAsync();
            await using var more = db.Command("INSERT INTO t_auto (v) VALUES ('second'), ('third')");
            var count = await more.ExecuteNonQueryAsync();
            return new object[] { driver.LastInsertedId(first), driver.LastInsertedId(more), count, await db.OneAsync("SELECT LAST_INSERT_ID()") };
        });
        await CapabilityAsync("affected_rows", async () =>
        {
            await using var other = await driver.OpenAsync("Use Affected Rows=true");
            var (changed, unchanged) = (await other.RunAsync("UPDATE t_unique SET v = v + 1"), await other.RunAsync("UPDATE t_unique SET v = v"));
            Check((changed, unchanged) == (2, 0), (changed, unchanged));
            return null;
        });
        await CapabilityAsync("found_rows", async () =>
        {
            await using var other = await driver.OpenAsync("Use Affected Rows=false");
            var found = await other.RunAsync("UPDATE t_unique SET v = v");
            Check(found == 2, found);
            return null;
        });
    }
}
