using DbProxy.LocalCluster;
using MySqlConnector;

namespace DbProxy.Demo;

/// <summary>What doesn't change while the demo runs: where everything is.</summary>
internal sealed record DemoFacts(string Product, int Replicas, int Clients, string ConnectionString, string CommandLine, Uri Metrics)
{
    /// <summary>The statistics page.</summary>
    public Uri Statistics => new(Metrics, "/");

    public static DemoFacts Of(ReplicationCluster cluster, DemoProxy proxy, int clients)
    {
        var app = cluster.App;
        var connection = new MySqlConnectionStringBuilder
        {
            Server = "127.0.0.1",
            Port = (uint)proxy.EndPoint.Port,
            UserID = app.User,
            Password = app.Password,
            Database = app.User,
        };
        return new DemoFacts(
            $"{DemoCluster.Name(cluster.Installation.Flavor)} {cluster.Installation.Version}",
            cluster.Replicas.Count,
            clients,
            connection.ConnectionString,
            // -P is ignored for the name localhost, hence the address.
            $"mysql -h 127.0.0.1 -P {proxy.EndPoint.Port} -u {app.User} -p{app.Password} {app.User}",
            proxy.Metrics);
    }
}
