using System.Text;
using DbProxy.LocalCluster;
using MySqlConnector;

namespace DbProxy.Demo.Workload;

/// <summary>The tables of a little shop. Each row knows the server that wrote it: <c>written_by</c> is its @@server_id.</summary>
internal static class ShopSchema
{
    public const int Products = 1000;

    /// <summary>One for each client of the workload, so that nobody else changes what a client has just written.</summary>
    private const string Baskets = "CREATE TABLE baskets (id INT PRIMARY KEY, version BIGINT NOT NULL, written_by INT NOT NULL)";

    private const string Orders = """
        CREATE TABLE orders (
          id BIGINT AUTO_INCREMENT PRIMARY KEY, client INT NOT NULL, number BIGINT NOT NULL, product INT NOT NULL,
          written_by INT NOT NULL, UNIQUE KEY (client, number))
        """;

    private const string Shelves = "CREATE TABLE products (id INT PRIMARY KEY, name VARCHAR(40) NOT NULL, stock INT NOT NULL)";

    /// <summary>Creates and fills the tables on the primary, and waits until the replicas have them.</summary>
    public static async Task CreateAsync(ReplicationCluster cluster, int clients, CancellationToken cancel)
    {
        await using var connection = await cluster.ConnectAsync(cluster.Primary, cluster.App, cancel);
        await connection.ChangeDatabaseAsync(cluster.App.User, cancel);
        string[] statements = [
            Baskets, Orders, Shelves,
            Rows("INSERT INTO products VALUES ", Products, i => $"({i}, 'product {i}', 1000000)"),
            Rows("INSERT INTO baskets VALUES ", clients, i => $"({i}, 0, @@server_id)"),
        ];
        foreach (var statement in statements)
        {
            await using var command = new MySqlCommand(statement, connection);
            await command.ExecuteNonQueryAsync(cancel);
        }

        await cluster.WaitForSyncAsync(cancel: cancel);
    }

    private static string Rows(string start, int count, Func<int, string> row) =>
        new StringBuilder(start).AppendJoin(", ", Enumerable.Range(1, count).Select(row)).ToString();
}
