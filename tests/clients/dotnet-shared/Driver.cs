using System.Data.Common;

/// <summary>What differs between the two ADO.NET drivers.</summary>
internal abstract class Driver
{
    /// <summary>Options as <c>Name=Value</c> on top of the usual ones.</summary>
    public abstract DbConnection Create(params string[] options);

    public abstract int CodeOf(Exception e);

    public abstract long ThreadId(DbConnection connection);

    public abstract long LastInsertedId(DbCommand command);

    public abstract string[] Plugins { get; }

    /// <summary>Whether a statement that runs asynchronously ends by its timeout or by a cancelled token; otherwise another thread cancels it.</summary>
    public virtual bool CancelsAsync => true;

    public async Task<DbConnection> OpenAsync(params string[] options)
    {
        var connection = Create(options);
        await connection.OpenAsync();
        return connection;
    }

    public async Task<string> RefusedAsync(Func<Task> action, params int[] codes)
    {
        try
        {
            await action();
        }
        catch (DbException e) when (codes.Contains(CodeOf(e)))
        {
            return $"{CodeOf(e)} {e.SqlState} {e.Message}";
        }

        throw new InvalidOperationException("no error");
    }
}

/// <summary>Statements in one line.</summary>
internal static class Ado
{
    public static DbCommand Command(this DbConnection connection, string sql, params object?[] values)
    {
        var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            var parameter = command.CreateParameter();
            (parameter.ParameterName, parameter.Value) = ($"@p{i}", values[i] ?? DBNull.Value);
            command.Parameters.Add(parameter);
        }

        return command;
    }

    public static async Task<int> RunAsync(this DbConnection connection, string sql, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.ExecuteNonQueryAsync();
    }

    public static async Task<string> OneAsync(this DbConnection connection, string sql)
    {
        await using var command = connection.Command(sql);
        return Contract.Text(await command.ExecuteScalarAsync());
    }

    public static async Task<List<List<object>>> RowsAsync(this DbConnection connection, string sql, params object?[] values)
    {
        await using var command = connection.Command(sql, values);
        return await command.AllAsync();
    }

    /// <summary>All rows of all results, the results separated by an empty row.</summary>
    public static async Task<List<List<object>>> AllAsync(this DbCommand command)
    {
        await using var reader = await command.ExecuteReaderAsync();
        List<List<object>> rows = [];
        do
        {
            while (await reader.ReadAsync())
            {
                rows.Add([.. Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue)]);
            }

            rows.Add([]);
        }
        while (await reader.NextResultAsync());
        rows.RemoveAt(rows.Count - 1);
        return rows;
    }

    /// <summary>Parameters <c>@p0, @p1, …</c>.</summary>
    public static string Marks(int count) => string.Join(", ", Enumerable.Range(0, count).Select(i => $"@p{i}"));
}
