using System.Data.Common;
using Dapper;
using static Contract;

/// <summary>Dapper over MySqlConnector: objects, dynamic parameters, several results; what is ADO.NET's is proved by it too.</summary>
internal static class DapperClient
{
    private sealed record Named(int N, string V);

    public static async Task<int> RunAsync()
    {
        var driver = new MySqlConnectorDriver();
        Console.WriteLine($"client Dapper {VersionOf(typeof(SqlMapper))}");
        await Statements.LoginsAsync(driver);
        await using var db = await driver.OpenAsync();
        await QueriesAsync(driver, db);
        await Sessions.RunAsync(driver, db);
        await CapabilityAsync("warnings", async () =>
        {
            await db.ExecuteAsync("INSERT IGNORE INTO t_unique VALUES (1, 1)");
            return (await db.QueryAsync("SHOW WARNINGS")).Select(w => $"{w.Level} {w.Code} {w.Message}").ToList();
        });
        Skip("Dapper adds nothing to its driver here (see mysqlconnector)", "ping", "cursor", "change_user", "load_data_local", "compression", "attributes");
        return 0;
    }

    private static async Task QueriesAsync(Driver driver, DbConnection db)
    {
        await CapabilityAsync("use_database", async () => await db.ExecuteScalarAsync<string>("SELECT DATABASE()"));
        await CapabilityAsync("text.types", async () => Row((await db.QueryAsync($"SELECT {Types} FROM t_types WHERE id = 1")).Single()));
        await CapabilityAsync("prepared.types", async () =>
        {
            await using var prepared = await driver.OpenAsync("Ignore Prepare=false");
            var columns = Types.Split(", ");
            var values = new DynamicParameters();
            for (var i = 0; i < columns.Length; i++)
            {
                values.Add(columns[i], Values[i]);
            }

            await prepared.ExecuteAsync($"INSERT INTO t_types (id, {Types}) VALUES (20, {string.Join(", ", columns.Select(c => $"@{c}"))})", values);
            return Row((await prepared.QueryAsync($"SELECT {Types} FROM t_types WHERE id = @id", new { id = 20 })).Single());
        });
        await CapabilityAsync("prepared.nulls", async () => Text((await db.QueryAsync<int?>("SELECT i FROM t_types WHERE id = @id OR @none IS NOT NULL", new { id = 2, none = (string?)null })).Single() is null));
        await CapabilityAsync("prepared.reexecute", async () =>
            await db.ExecuteAsync("INSERT INTO t_auto (v) VALUES (@v)", Enumerable.Range(0, 10).Select(i => new { v = $"many {i}" })));
        await CapabilityAsync("charsets", async () =>
        {
            await db.ExecuteAsync("REPLACE INTO t_text VALUES (1, @l, @g, @s, @w, @u)", new { l = Texts[0], g = Texts[1], s = Texts[2], w = Texts[3], u = Texts[4] });
            return Row(await db.QuerySingleAsync("SELECT l, g, s, w, u FROM t_text WHERE id = 1"));
        });
        await CapabilityAsync("metadata", async () => (await db.QueryAsync<Named>("SELECT n, v FROM t_numbers WHERE n = 7")).First().ToString());
        await CapabilityAsync("results.multi", async () =>
        {
            await using var grid = await db.QueryMultipleAsync("SELECT 1; SELECT 'a' UNION SELECT 'b'; SELECT COUNT(*) FROM t_unique");
            return new object[] { await grid.ReadSingleAsync<int>(), await grid.ReadAsync<string>(), await grid.ReadSingleAsync<int>() };
        });
        await CapabilityAsync("results.call", async () =>
        {
            await using var grid = await db.QueryMultipleAsync("p_two", new { a = 5 }, commandType: System.Data.CommandType.StoredProcedure);
            return new object[] { await grid.ReadSingleAsync<int>(), Row(await grid.ReadSingleAsync()) };
        });
        await CapabilityAsync("results.out", async () =>
        {
            var values = new DynamicParameters(new { a = 21 });
            values.Add("b", dbType: System.Data.DbType.Int32, direction: System.Data.ParameterDirection.Output);
            values.Add("c", "in", direction: System.Data.ParameterDirection.InputOutput);
            await db.ExecuteAsync("p_out", values, commandType: System.Data.CommandType.StoredProcedure);
            return new object[] { values.Get<int>("b"), values.Get<string>("c") };
        });
        await CapabilityAsync("insert_id", async () => await db.ExecuteScalarAsync<long>("INSERT INTO t_auto (v) VALUES ('x'); SELECT LAST_INSERT_ID()"));
        await CapabilityAsync("affected_rows", async () =>
        {
            await using var other = await driver.OpenAsync("Use Affected Rows=true");
            return new[] { await other.ExecuteAsync("UPDATE t_unique SET v = v + 1"), await other.ExecuteAsync("UPDATE t_unique SET v = v") };
        });
        await CapabilityAsync("found_rows", async () =>
        {
            await using var other = await driver.OpenAsync("Use Affected Rows=false");
            return await other.ExecuteAsync("UPDATE t_unique SET v = v");
        });
    }

    private static string Row(dynamic row) => Text(((IDictionary<string, object?>)row).Select(p => $"{p.Key}={Text(p.Value)}"));
}
