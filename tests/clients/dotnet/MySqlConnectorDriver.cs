using System.Data.Common;
using MySqlConnector;

internal sealed class MySqlConnectorDriver : Driver
{
    // Its ed25519 is a package of its own.
    public override string[] Plugins => ["caching_sha2_password", "mysql_native_password", "sha256_password"];

    public static string ConnectionString(params string[] options)
    {
        var builder = new MySqlConnectionStringBuilder
        {
            Server = Contract.Setting("HOST"), Port = uint.Parse(Contract.Setting("PORT")), UserID = Contract.Setting("USER"), Password = Contract.Setting("PASSWORD"),
            Database = Contract.Setting("SCHEMA"), SslMode = Contract.Tls ? MySqlSslMode.Required : MySqlSslMode.Disabled, AllowPublicKeyRetrieval = true,
            AllowUserVariables = true, AllowLoadLocalInfile = true, Pooling = false, ConnectionTimeout = 30, DefaultCommandTimeout = 60, IgnoreCommandTransaction = true,
            // On a busy machine a second login for KILL QUERY may take longer than the usual two seconds.
            CancellationTimeout = 20,
        };
        foreach (var option in options)
        {
            builder[option.Split('=', 2)[0]] = option.Split('=', 2)[1];
        }

        return builder.ConnectionString;
    }

    public override DbConnection Create(params string[] options) => new MySqlConnection(ConnectionString(options));

    public override int CodeOf(Exception e) => e is MySqlException m ? (int)m.ErrorCode : 0;

    public override long ThreadId(DbConnection connection) => ((MySqlConnection)connection).ServerThread;

    public override long LastInsertedId(DbCommand command) => ((MySqlCommand)command).LastInsertedId;
}
