using System.Globalization;
using MySqlConnector;
using Xunit;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>Statements in one line.</summary>
internal static class Sql
{
    /// <summary>Runs statements one after the other; returns the affected rows of the last.</summary>
    public static async Task<int> RunAsync(this MySqlConnection connection, params string[] statements)
    {
        var affected = 0;
        foreach (var sql in statements)
        {
            await using var command = new MySqlCommand(sql, connection);
            affected = await command.ExecuteNonQueryAsync(TestContext.Current.CancellationToken);
        }

        return affected;
    }

    /// <summary>The first column of the first row; null: no row, or NULL.</summary>
    public static async Task<object?> ScalarAsync(this MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        var value = await command.ExecuteScalarAsync(TestContext.Current.CancellationToken);
        return value is DBNull ? null : value;
    }

    public static async Task<long> NumberAsync(this MySqlConnection connection, string sql) =>
        Convert.ToInt64(await connection.ScalarAsync(sql), CultureInfo.InvariantCulture);

    /// <summary>The first column of the first row as text; null: no row, or NULL.</summary>
    public static async Task<string?> TextAsync(this MySqlConnection connection, string sql) =>
        await connection.ScalarAsync(sql) is { } value ? Convert.ToString(value, CultureInfo.InvariantCulture) : null;

    /// <summary>All rows of all results, values separated by <c>|</c>, NULL as <c>NULL</c>.</summary>
    public static async Task<List<string>> RowsAsync(this MySqlConnection connection, string sql)
    {
        await using var command = new MySqlCommand(sql, connection);
        await using var reader = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        List<string> rows = [];
        do
        {
            while (await reader.ReadAsync())
            {
                rows.Add(string.Join('|', Enumerable.Range(0, reader.FieldCount).Select(i =>
                    reader.IsDBNull(i) ? "NULL" : Convert.ToString(reader.GetValue(i), CultureInfo.InvariantCulture))));
            }
        }
        while (await reader.NextResultAsync());
        return rows;
    }

    /// <summary>The server that answers a plain read now: its <c>@@server_id</c>.</summary>
    public static Task<long> ServerIdAsync(this MySqlConnection connection) => connection.NumberAsync("SELECT @@server_id");

    /// <summary>Runs a statement that must fail; returns the server's or the proxy's error.</summary>
    public static async Task<MySqlException> FailsAsync(this MySqlConnection connection, string sql) =>
        await Assert.ThrowsAsync<MySqlException>(() => connection.RunAsync(sql));
}
