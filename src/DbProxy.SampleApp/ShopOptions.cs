using System.Globalization;
using MySqlConnector;

namespace DbProxy.SampleApp;

/// <summary>Where the database is, and how this server is called.</summary>
/// <param name="ConnectionString">For MySqlConnector, password included.</param>
/// <param name="Name">This application server in answers; default: the host's name.</param>
/// <param name="Drain">How long it goes on serving behind SIGTERM, not ready, so that those in front go elsewhere.</param>
internal sealed record ShopOptions(string ConnectionString, string Name, TimeSpan Drain)
{
    private const uint MaxConnections = 50;
    private const uint ConnectSeconds = 5;
    private const uint CommandSeconds = 10;
    // Shorter than the drain of those in front, so that they find no connection in use when they stop.
    private const uint LifetimeSeconds = 4;

    /// <summary>
    /// From <c>ConnectionStrings:Shop</c>, <c>ConnectionStrings:ShopPasswordFile</c> (a file with the password, whose line
    /// end is ignored), <c>Shop:Name</c> and <c>Shop:DrainSeconds</c> (default 3).
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no connection string.</exception>
    public static ShopOptions Read(IConfiguration configuration)
    {
        var text = configuration.GetConnectionString("Shop") ?? throw new InvalidOperationException(
            "No connection string: set ConnectionStrings__Shop, such as \"Server=127.0.0.1;Port=6033;User ID=app;Database=app\", "
            + "and ConnectionStrings__ShopPasswordFile.");
        var builder = new MySqlConnectionStringBuilder(text);
        if (configuration.GetConnectionString("ShopPasswordFile") is { Length: > 0 } file)
            builder.Password = File.ReadAllText(file).TrimEnd('\r', '\n');
        Default(builder, "Maximum Pool Size", MaxConnections);
        Default(builder, "Connection Timeout", ConnectSeconds);
        Default(builder, "Default Command Timeout", CommandSeconds);
        Default(builder, "Connection Lifetime", LifetimeSeconds);
        return new(
            builder.ConnectionString,
            configuration["Shop:Name"] ?? Environment.MachineName,
            TimeSpan.FromSeconds(double.Parse(configuration["Shop:DrainSeconds"] ?? "3", CultureInfo.InvariantCulture)));
    }

    private static void Default(MySqlConnectionStringBuilder builder, string key, object value)
    {
        if (!builder.ContainsKey(key))
            builder[key] = value;
    }
}
