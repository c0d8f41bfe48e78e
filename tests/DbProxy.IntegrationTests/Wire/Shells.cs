using DbProxy.IntegrationTests.Clients;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Wire;

/// <summary>The servers' own command line clients, with whatever transport a test wants.</summary>
internal static class Shells
{
    /// <summary>Runs a script as the cluster's application account; skips the test where there is no such client.</summary>
    public static async Task<(int Code, string Output, string Error)> RunAsync(
        ReplicationCluster cluster, Flavor client, string schema, string script, params string[] options)
    {
        var found = await ServerBinaries.FindAsync(client);
        if (found.Installation is not { ClientPath: { } path } installation)
        {
            Assert.Skip($"There is no command line client of {client}. {found.Explanation}");
            return default;
        }

        var command = installation.Run(
            path, ["--no-defaults", $"--user={cluster.App.User}", "--batch", "--skip-column-names", "--default-character-set=utf8mb4", .. options, schema]);
        return await ProgramClient.RunAsync(command, script, ("MYSQL_PWD", cluster.App.Password));
    }

    /// <summary>The options for TCP to a port, with TLS or without.</summary>
    public static string[] Tcp(Flavor client, int port, bool tls) =>
    [
        "--host=127.0.0.1", $"--port={port}", "--protocol=tcp",
        .. client == Flavor.MySql
            ? new[] { $"--ssl-mode={(tls ? "REQUIRED" : "DISABLED")}", "--get-server-public-key" }
            : [tls ? "--ssl" : "--skip-ssl"],
    ];
}
