using MySql.Data.MySqlClient;
using static Contract;

// MySql.Data, Oracle's Connector/NET: own code of the protocol.
var driver = new MySqlDataDriver();
if (Cancellation.IsAskedFor)
{
    await Cancellation.RunAsync(driver);
    return 0;
}

Console.WriteLine($"client MySql.Data {VersionOf(typeof(MySqlConnection))}");
await Statements.LoginsAsync(driver);
await using var db = (MySqlConnection)await driver.OpenAsync();
await CapabilityAsync("ping", () => Task.FromResult<object?>(db.Ping()));
await Statements.RunAsync(driver, db);
await Sessions.RunAsync(driver, db);
Skip("the driver has no server-side cursors", "cursor");
Skip("the driver has no change of user", "change_user");
await CapabilityAsync("warnings", async () =>
{
    List<string> seen = [];
    db.InfoMessage += (_, e) => seen.AddRange(e.errors.Select(w => $"{w.Level} {w.Code} {w.Message}"));
    await db.RunAsync("INSERT IGNORE INTO t_unique VALUES (1, 1)");
    return new object[] { seen, await db.RowsAsync("SHOW WARNINGS") };
});
await CapabilityAsync("load_data_local", async () =>
{
    var loader = new MySqlBulkLoader(db) { FileName = Setting("FILE"), TableName = "t_load", Local = true, CharacterSet = "utf8mb4", FieldTerminator = "\t" };
    return new object[] { await loader.LoadAsync(), await db.RowsAsync("SELECT COUNT(*), MAX(id), MAX(v) FROM t_load") };
});
// Not asynchronously: a compressed connection of this driver then waits for ever in its login, on a server too.
await CapabilityAsync("compression", () => Task.Run(object? () =>
{
    using var other = driver.Create("Use Compression=true");
    other.Open();
    using var command = other.Command("SELECT SHA2(REPEAT('x', 100000), 256), LENGTH(REPEAT('y', 100000)), REPEAT('z', 300)");
    using var reader = command.ExecuteReader();
    Check(reader.Read());
    return Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).ToList();
}));
await CapabilityAsync("attributes", async () => Contract.MySql
    ? await db.RowsAsync("SELECT ATTR_NAME, ATTR_VALUE FROM performance_schema.session_account_connect_attrs WHERE PROCESSLIST_ID = CONNECTION_ID() AND ATTR_NAME = '_client_name'")
    : throw new SkipException("the server has its performance schema off"));
return 0;
