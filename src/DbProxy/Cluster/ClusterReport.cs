using System.Text;
using System.Text.Json;
using DbProxy.LocalCluster;

namespace DbProxy.Cluster;

/// <summary>What a user or a script needs to know about a running cluster.</summary>
internal static class ClusterReport
{
    private static readonly JsonSerializerOptions _json = new(JsonSerializerDefaults.Web);

    public static string Json(ReplicationCluster cluster) => JsonSerializer.Serialize(
        new
        {
            Flavor = cluster.Installation.Flavor.ToString().ToLowerInvariant(),
            Version = cluster.Installation.Version.ToString(),
            cluster.Installation.ServerPath,
            Client = cluster.Installation.ClientPath is { } client ? cluster.Installation.Run(client) : null,
            Router = cluster.Installation.RouterPath is { } router ? cluster.Installation.Run(router) : null,
            Servers = cluster.Servers.Select(server => new
            {
                server.ServerId,
                Role = Role(cluster, server),
                Host = "127.0.0.1",
                server.Port,
                server.SocketPath,
                server.ProcessId,
                CertificateAuthority = server.CertificateAuthorityPath,
            }),
            Accounts = Accounts(cluster).ToDictionary(a => a.User, a => a.Password),
        },
        _json);

    public static string Text(ReplicationCluster cluster)
    {
        var text = new StringBuilder();
        text.AppendLine($"{cluster.Installation.Flavor} {cluster.Installation.Version}, {cluster.Installation.ServerPath}");
        foreach (var server in cluster.Servers)
        {
            text.AppendLine($"  server {server.ServerId}  {Role(cluster, server),-7}  127.0.0.1:{server.Port}  {server.SocketPath}");
        }

        foreach (var account in Accounts(cluster))
        {
            text.AppendLine($"  user {account.User,-8} password {account.Password}");
        }

        text.Append($"Connection string: Server=127.0.0.1;Port={cluster.Primary.Port};User ID=app;Password={cluster.App.Password};Database=app");
        return text.ToString();
    }

    private static string Role(ReplicationCluster cluster, LocalServer server) => server == cluster.Primary ? "primary" : "replica";

    private static IEnumerable<ClusterAccount> Accounts(ReplicationCluster cluster) => [cluster.Root, cluster.App, cluster.Monitor];
}
