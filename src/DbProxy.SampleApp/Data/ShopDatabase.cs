using DbProxy.SampleApp.Http;
using MySqlConnector;

namespace DbProxy.SampleApp.Data;

/// <summary>
/// All statements of the shop. It is an ordinary application: it takes a connection from its driver's pool for each request
/// and knows nothing of primaries, replicas or a proxy. It tries nothing twice.
/// </summary>
internal sealed class ShopDatabase(ShopOptions options) : IAsyncDisposable
{
    private const string Server = "CONCAT(@@hostname, '/', @@server_id)";

    private const string LatestOrders = $"""
        SELECT o.id, o.customer, p.name, o.quantity, o.at, o.written_by, {Server}
        FROM shop_orders o JOIN shop_products p ON p.id = o.product ORDER BY o.id DESC LIMIT 12
        """;

    private readonly MySqlDataSource _source = new(options.ConnectionString);

    public async Task CreateTablesAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        foreach (var statement in ShopSchema.Statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }
    }

    public async Task<Answered<List<Product>>> ProductsAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await RowsAsync(
            connection,
            $"SELECT id, name, description, price, sold, {Server} FROM shop_products ORDER BY id",
            row => new Product(row.GetInt32(0), row.GetString(1), row.GetString(2), row.GetDecimal(3), row.GetInt64(4)),
            cancel);
    }

    public async Task<Answered<List<Order>>> OrdersAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await OrdersAsync(connection, cancel);
    }

    /// <summary>Takes an order, then reads the list that must show it; null when there is no such product.</summary>
    /// <exception cref="UnknownOutcomeException">The connection broke while the transaction was being committed.</exception>
    public async Task<Placed?> PlaceAsync(NewOrder order, CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await InsertAsync(connection, order, cancel) is { } id ? new(id, await OrdersAsync(connection, cancel)) : null;
    }

    /// <summary>The server that reads of this moment go to.</summary>
    public async Task<string?> ReaderAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        return await NameAsync(connection, null, cancel);
    }

    /// <summary>The server that transactions of this moment go to.</summary>
    public async Task<string?> WriterAsync(CancellationToken cancel)
    {
        await using var connection = await _source.OpenConnectionAsync(cancel);
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        return await NameAsync(connection, transaction, cancel);
    }

    public ValueTask DisposeAsync() => _source.DisposeAsync();

    private static async Task<long?> InsertAsync(MySqlConnection connection, NewOrder order, CancellationToken cancel)
    {
        await using var transaction = await connection.BeginTransactionAsync(cancel);
        await using var sell = new MySqlCommand("UPDATE shop_products SET sold = sold + @quantity WHERE id = @product", connection, transaction);
        await using var insert = new MySqlCommand(
            $"INSERT INTO shop_orders (customer, product, quantity, at, written_by) VALUES (@customer, @product, @quantity, UTC_TIMESTAMP(3), {Server})",
            connection, transaction);
        foreach (var command in (MySqlCommand[])[sell, insert])
        {
            command.Parameters.AddWithValue("@product", order.ProductId);
            command.Parameters.AddWithValue("@quantity", order.Quantity);
        }

        insert.Parameters.AddWithValue("@customer", string.IsNullOrWhiteSpace(order.Customer) ? "somebody" : order.Customer.Trim());
        if (await sell.ExecuteNonQueryAsync(cancel) == 0)
            return null;
        await insert.ExecuteNonQueryAsync(cancel);
        try
        {
            // Not given up with the request: once COMMIT is out its answer is all that tells what became of it.
            await transaction.CommitAsync(CancellationToken.None);
        }
        catch (Exception error) when (ErrorAnswers.IsDatabases(error))
        {
            throw new UnknownOutcomeException(error);
        }

        return insert.LastInsertedId;
    }

    private static Task<Answered<List<Order>>> OrdersAsync(MySqlConnection connection, CancellationToken cancel) => RowsAsync(
        connection,
        LatestOrders,
        row => new Order(
            row.GetInt64(0), row.GetString(1), row.GetString(2), row.GetInt32(3),
            DateTime.SpecifyKind(row.GetDateTime(4), DateTimeKind.Utc), row.GetString(5)),
        cancel);

    /// <summary>The rows of a query whose last column is the server.</summary>
    private static async Task<Answered<List<T>>> RowsAsync<T>(
        MySqlConnection connection, string sql, Func<MySqlDataReader, T> read, CancellationToken cancel)
    {
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(cancel);
        List<T> rows = [];
        string? by = null;
        while (await reader.ReadAsync(cancel))
        {
            rows.Add(read(reader));
            by = reader.GetString(reader.FieldCount - 1);
        }

        return new(rows, by);
    }

    private static async Task<string?> NameAsync(MySqlConnection connection, MySqlTransaction? transaction, CancellationToken cancel)
    {
        await using var command = new MySqlCommand($"SELECT {Server}", connection, transaction);
        return (string?)await command.ExecuteScalarAsync(cancel);
    }
}
