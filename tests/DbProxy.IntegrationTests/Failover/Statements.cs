using System.Globalization;
using MySqlConnector;

namespace DbProxy.IntegrationTests.Failover;

/// <summary>Short forms for what the tests do with a connection.</summary>
internal static class Statements
{
    internal static async Task<int> ExecuteAsync(this MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await command.ExecuteNonQueryAsync();
    }

    /// <summary>The first row's values as numbers.</summary>
    internal static async Task<long[]> RowAsync(this MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        return await RowAsync(command);
    }

    /// <inheritdoc cref="RowAsync(MySqlConnection, string)"/>
    internal static async Task<long[]> RowAsync(this MySqlCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        var row = await reader.ReadAsync()
            ? Enumerable.Range(0, reader.FieldCount).Select(i => Convert.ToInt64(reader.GetValue(i), CultureInfo.InvariantCulture)).ToArray()
            : [];
        while (await reader.ReadAsync())
        {
            // The rest of the result.
        }

        return row;
    }

    /// <summary>The server that answers a read now.</summary>
    internal static async Task<long> ReadAsync(this MySqlConnection connection) =>
        (await connection.RowAsync("SELECT @@server_id, v FROM cells WHERE id = 1"))[0];
}
