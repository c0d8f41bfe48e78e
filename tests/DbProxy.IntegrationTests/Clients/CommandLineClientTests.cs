using System.Globalization;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>The servers' own command line clients, <c>mysql</c> and <c>mariadb</c>, against both kinds of server.</summary>
public sealed class CommandLineClientTests
{
    public static TheoryData<Flavor, Flavor, bool> Combinations
    {
        get
        {
            var data = new TheoryData<Flavor, Flavor, bool>();
            foreach (var server in new[] { Flavor.MySql, Flavor.MariaDb })
            {
                foreach (var client in new[] { Flavor.MySql, Flavor.MariaDb })
                {
                    data.Add(server, client, true);
                    data.Add(server, client, false);
                }
            }

            return data;
        }
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task A_script_runs_with_tls_and_without(Flavor server, Flavor client, bool tls)
    {
        await using var bed = await TestBed.StartAsync(server);
        var installation = await InstallationAsync(client);
        var script = """
            CREATE TABLE t (id INT AUTO_INCREMENT PRIMARY KEY, v VARCHAR(20)) CHARACTER SET utf8mb4;
            INSERT INTO t (v) VALUES ('Grüße'), (NULL);
            SELECT CONCAT('id ', LAST_INSERT_ID());
            SELECT CONCAT('read on ', @@server_id), COUNT(*) FROM t;
            BEGIN;
            SELECT CONCAT('transaction on ', @@server_id) FROM t WHERE v = 'Grüße';
            COMMIT;
            SELECT * FROM missing;
            USE information_schema;
            SELECT DATABASE();
            SELECT IF(@@server_id > 1, 'replica', 'primary');
            """;
        var (code, output, error) = await RunAsync(bed, installation, tls, bed.Cluster.App.Password, script, "--force");
        Assert.Contains("ERROR 1146 (42S02)", error, StringComparison.Ordinal);
        var lines = output.Split('\n', StringSplitOptions.RemoveEmptyEntries);
        Assert.True(lines is ["id 1", ['r', 'e', 'a', 'd', ' ', 'o', 'n', ' ', '2' or '3', '\t', '2'], "transaction on 1", "information_schema", "replica"], $"{code}\n{output}\n{error}");
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task A_wrong_password_is_told(Flavor server, Flavor client, bool tls)
    {
        await using var bed = await TestBed.StartAsync(server);
        var (code, _, error) = await RunAsync(bed, await InstallationAsync(client), tls, "wrong", "SELECT 1");
        Assert.Equal(1, code);
        Assert.Contains("ERROR 1045 (28000): Access denied for user 'app'@", error, StringComparison.Ordinal);
    }

    [Theory, MemberData(nameof(Combinations))]
    public async Task A_local_file_is_loaded(Flavor server, Flavor client, bool tls)
    {
        await using var bed = await TestBed.StartAsync(server, null, "CREATE TABLE t (id INT PRIMARY KEY, v VARCHAR(20))");
        var file = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(file, string.Concat(Enumerable.Range(1, 5000).Select(i => $"{i}\tvalue {i}\n")));
            var (code, output, error) = await RunAsync(
                bed, await InstallationAsync(client), tls, bed.Cluster.App.Password,
                $"LOAD DATA LOCAL INFILE '{file}' INTO TABLE t; SELECT COUNT(*), MAX(id) FROM t;", "--local-infile=1");
            Assert.True(output.Trim() == "5000\t5000", $"{code}\n{output}\n{error}");
        }
        finally
        {
            File.Delete(file);
        }
    }

    private static async Task<ServerInstallation> InstallationAsync(Flavor flavor)
    {
        var found = await ServerBinaries.FindAsync(flavor);
        if (found.Installation is not { ClientPath: not null } installation)
        {
            Assert.Skip($"There is no command line client of {flavor}. {found.Explanation}");
            return null!;
        }

        return installation;
    }

    private static Task<(int Code, string Output, string Error)> RunAsync(
        TestBed bed, ServerInstallation client, bool tls, string password, string script, params string[] more)
    {
        string[] encryption = client.Flavor == Flavor.MySql
            ? [tls ? "--ssl-mode=REQUIRED" : "--ssl-mode=DISABLED", "--get-server-public-key"]
            : [tls ? "--ssl" : "--skip-ssl"];
        var command = client.Run(
            client.ClientPath!,
            [
                "--no-defaults", "--host=127.0.0.1", $"--port={bed.Proxy.Port.ToString(CultureInfo.InvariantCulture)}", "--protocol=tcp", "--user=app",
                "--batch", "--skip-column-names", "--default-character-set=utf8mb4", .. encryption, .. more, bed.Schema,
            ]);
        return ProgramClient.RunAsync(command, script, ("MYSQL_PWD", password));
    }
}
