using System.Data.Common;
using MySql.Data.MySqlClient;

internal sealed class MySqlDataDriver : Driver
{
    public override string[] Plugins => ["caching_sha2_password", "mysql_native_password", "sha256_password"];

    // An asynchronous read of this driver heeds neither: it waits on for ever, on a server too.
    public override bool CancelsAsync => false;

    public override DbConnection Create(params string[] options)
    {
        var builder = new MySqlConnectionStringBuilder
        {
            Server = Contract.Setting("HOST"), Port = uint.Parse(Contract.Setting("PORT")), UserID = Contract.Setting("USER"), Password = Contract.Setting("PASSWORD"),
            Database = Contract.Setting("SCHEMA"), SslMode = Contract.Tls ? MySqlSslMode.Required : MySqlSslMode.Disabled, AllowPublicKeyRetrieval = true,
            AllowUserVariables = true, AllowLoadLocalInfile = true, Pooling = false, ConnectionTimeout = 30, DefaultCommandTimeout = 60, CharacterSet = "utf8mb4",
        };
        foreach (var option in options)
        {
            builder[option.Split('=', 2)[0]] = option.Split('=', 2)[1];
        }

        return new MySqlConnection(builder.ConnectionString);
    }

    public override int CodeOf(Exception e) => e is MySqlException m ? m.Number != 0 ? m.Number : (m.InnerException as MySqlException)?.Number ?? 0 : 0;

    public override long ThreadId(DbConnection connection) => ((MySqlConnection)connection).ServerThread;

    public override long LastInsertedId(DbCommand command) => ((MySqlCommand)command).LastInsertedId;
}
