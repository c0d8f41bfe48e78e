using System.Diagnostics;
using DbProxy.Demo.Counting;
using MySqlConnector;

namespace DbProxy.Demo.Workload;

/// <summary>
/// One client of the shop: an application of the usual kind, that knows nothing of a proxy. For each request it takes a
/// connection from its driver's pool, runs a few statements and gives it back.
/// </summary>
internal sealed class ShopClient(int id, MySqlDataSource source, Tally tally)
{
    private readonly Random _random = new(id);
    private long _version;
    private long _order;

    /// <summary>One request of a random kind.</summary>
    public async Task RequestAsync()
    {
        await using var connection = await source.OpenConnectionAsync();
        await (_random.Next(100) switch
        {
            < 58 => BrowseAsync(connection),
            < 74 => OrderAsync(connection),
            < 89 => ChangeBasketAsync(connection),
            < 98 => BuyAsync(connection),
            _ => CountStockAsync(connection),
        });
    }

    /// <summary>Three products by their keys.</summary>
    private async Task BrowseAsync(MySqlConnection connection)
    {
        for (int i = 0; i < 3; i++)
        {
            var started = Stopwatch.GetTimestamp();
            var answer = await QueryAsync(connection, $"SELECT stock, 0, @@server_id FROM products WHERE id = {AnyProduct()}");
            tally.Timed(Operation.PointRead, Stopwatch.GetTimestamp() - started);
            tally.Read(answer.AnsweredBy);
        }
    }

    /// <summary>A new order, which must be there when the client looks.</summary>
    private async Task OrderAsync(MySqlConnection connection)
    {
        var number = ++_order;
        await WriteAsync(
            connection,
            $"INSERT INTO orders (client, number, product, written_by) VALUES ({id}, {number}, {AnyProduct()}, @@server_id)");
        // The row count makes an answer of a missing row too: it has to say which server lacks it.
        await ReadOwnAsync(
            connection,
            $"SELECT COUNT(*), MAX(written_by), @@server_id FROM orders WHERE client = {id} AND number = {number}",
            expected: 1);
    }

    private async Task ChangeBasketAsync(MySqlConnection connection)
    {
        var version = ++_version;
        await WriteAsync(connection, $"UPDATE baskets SET version = {version}, written_by = @@server_id WHERE id = {id}");
        await ReadOwnAsync(connection, BasketQuery, version);
    }

    /// <summary>A transaction that locks, reads and writes, then a look at what it did.</summary>
    private async Task BuyAsync(MySqlConnection connection)
    {
        var version = ++_version;
        var product = AnyProduct();
        var started = Stopwatch.GetTimestamp();
        await using (var transaction = await connection.BeginTransactionAsync())
        {
            var locked = await QueryAsync(
                connection, $"SELECT stock, 0, @@server_id FROM products WHERE id = {product} FOR UPDATE", transaction);
            tally.Write(locked.AnsweredBy);
            await ExecuteAsync(connection, $"UPDATE products SET stock = stock - 1 WHERE id = {product}", transaction);
            await ExecuteAsync(
                connection, $"UPDATE baskets SET version = {version}, written_by = @@server_id WHERE id = {id}", transaction);
            await transaction.CommitAsync();
        }

        tally.Statements(2);
        tally.Timed(Operation.Transaction, Stopwatch.GetTimestamp() - started);
        await ReadOwnAsync(connection, BasketQuery, version);
    }

    /// <summary>A named lock lives in one server connection: the proxy pins the session to it until the lock is released.</summary>
    private async Task CountStockAsync(MySqlConnection connection)
    {
        var started = Stopwatch.GetTimestamp();
        await QueryAsync(connection, $"SELECT GET_LOCK('stock-{id}', 5), 0, @@server_id");
        var answer = await QueryAsync(connection, $"SELECT SUM(stock), 0, @@server_id FROM products WHERE id BETWEEN {id} AND {id + 50}");
        await QueryAsync(connection, $"SELECT RELEASE_LOCK('stock-{id}'), 0, @@server_id");
        tally.Timed(Operation.NamedLock, Stopwatch.GetTimestamp() - started);
        tally.Read(answer.AnsweredBy);
    }

    private string BasketQuery => $"SELECT version, written_by, @@server_id FROM baskets WHERE id = {id}";

    private int AnyProduct() => _random.Next(1, ShopSchema.Products + 1);

    private async Task WriteAsync(MySqlConnection connection, string sql)
    {
        var started = Stopwatch.GetTimestamp();
        await ExecuteAsync(connection, sql);
        tally.Timed(Operation.Write, Stopwatch.GetTimestamp() - started);
    }

    private async Task ReadOwnAsync(MySqlConnection connection, string sql, long expected)
    {
        var started = Stopwatch.GetTimestamp();
        var answer = await QueryAsync(connection, sql);
        tally.Timed(Operation.ReadOwnWrite, Stopwatch.GetTimestamp() - started);
        var stale = answer.Value != expected;
        tally.OwnRead(answer.AnsweredBy, stale);
        if (!stale)
        {
            tally.Write(answer.WrittenBy);
        }
    }

    private async Task ExecuteAsync(MySqlConnection connection, string sql, MySqlTransaction? transaction = null)
    {
        await using var command = new MySqlCommand(sql, connection, transaction);
        // The proxy's sockets share their thread with the client's in this process: what follows must not run there.
        await command.ExecuteNonQueryAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        tally.Statements(1);
    }

    private async Task<Answer> QueryAsync(MySqlConnection connection, string sql, MySqlTransaction? transaction = null)
    {
        await using var command = new MySqlCommand(sql, connection, transaction);
        await using var reader = await command.ExecuteReaderAsync().ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        var answer = await reader.ReadAsync()
            ? new Answer(true, Integer(reader, 0), (uint)Integer(reader, 1), (uint)Integer(reader, 2))
            : default;
        tally.Statements(1);
        return answer;
    }

    private static long Integer(MySqlDataReader reader, int column) =>
        reader.IsDBNull(column) ? 0 : Convert.ToInt64(reader.GetValue(column), System.Globalization.CultureInfo.InvariantCulture);
}
