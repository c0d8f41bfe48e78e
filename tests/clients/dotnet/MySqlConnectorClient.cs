using MySqlConnector;
using static Contract;

/// <summary>MySqlConnector: own code of the protocol, the driver under most .NET applications for MySQL.</summary>
internal static class MySqlConnectorClient
{
    public static async Task<int> RunAsync()
    {
        var driver = new MySqlConnectorDriver();
        Console.WriteLine($"client MySqlConnector {VersionOf(typeof(MySqlConnection))}");
        await Statements.LoginsAsync(driver);
        await using var db = (MySqlConnection)await driver.OpenAsync();
        await CapabilityAsync("ping", async () => await db.PingAsync());
        await Statements.RunAsync(driver, db);
        await Sessions.RunAsync(driver, db);
        Skip("the driver has no server-side cursors", "cursor");
        Skip("the driver has no change of user", "change_user");
        await CapabilityAsync("warnings", async () =>
        {
            List<string> seen = [];
            db.InfoMessage += (_, e) => seen.AddRange(e.Errors.Select(w => $"{w.Level} {(int)w.ErrorCode} {w.Message}"));
            await db.RunAsync("INSERT IGNORE INTO t_unique VALUES (1, 1)");
            return new object[] { seen, await db.RowsAsync("SHOW WARNINGS") };
        });
        await CapabilityAsync("load_data_local", async () =>
        {
            var loader = new MySqlBulkLoader(db) { FileName = Setting("FILE"), TableName = "t_load", Local = true, CharacterSet = "utf8mb4", FieldTerminator = "\t" };
            return new object[] { await loader.LoadAsync(), await db.RowsAsync("SELECT COUNT(*), MAX(id), MAX(v) FROM t_load") };
        });
        await CapabilityAsync("compression", async () =>
        {
            await using var other = await driver.OpenAsync("Use Compression=true");
            return await other.RowsAsync("SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000)), REPEAT('z', 300)");
        });
        await CapabilityAsync("attributes", async () =>
        {
            Driverless.NeedPerformanceSchema();
            await using var other = await driver.OpenAsync("Application Name=client-test");
            return await other.RowsAsync(Driverless.Attributes);
        });
        return 0;
    }
}

/// <summary>What all clients here ask alike.</summary>
internal static class Driverless
{
    public const string Attributes =
        "SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs " +
        "WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME IN ('_client_name', 'program_name') ORDER BY 1";

    public static void NeedPerformanceSchema()
    {
        if (!MySql)
        {
            throw new SkipException("the server has its performance schema off");
        }
    }
}
