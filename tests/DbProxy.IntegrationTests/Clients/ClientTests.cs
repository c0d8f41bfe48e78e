using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>
/// Every client program of <c>tests/clients</c>, on a server directly and through the proxy: both must print the same.
/// The direct run is the control; a capability that fails there is a defect of the program.
/// </summary>
public sealed class ClientTests
{
    public static TheoryData<string, Flavor> Rows
    {
        get
        {
            var rows = new TheoryData<string, Flavor>();
            foreach (var client in ClientCatalog.All)
            {
                rows.Add(client.Name, Flavor.MySql);
                rows.Add(client.Name, Flavor.MariaDb);
            }

            return rows;
        }
    }

    [Theory, MemberData(nameof(Rows))]
    public async Task A_client_cannot_tell_the_proxy_from_a_server(string name, Flavor flavor)
    {
        var client = ClientCatalog.Find(name);
        var folder = await ClientProgram.BuildAsync(client);
        var servers = await ClientServers.OfAsync(flavor);
        var comparison = new ClientComparison(client, flavor);
        // Four programs at once and no more, since the rows come one after another: mostly they wait, and other tests run beside them.
        bool[] modes = [false, true];
        foreach (var run in await Task.WhenAll(modes.Select(tls => RunAsync(client, folder, servers, tls))))
        {
            comparison.Add(run.Tls, run.Direct, run.DirectSchema, run.Proxied, run.ProxiedSchema);
        }

        comparison.AssertSame();
    }

    [Fact]
    public void The_page_of_the_matrix_is_what_the_recorded_results_say()
    {
        Assert.SkipWhen(Compatibility.Writes, "It is being written.");
        Assert.Equal(CompatibilityPage.Render(Compatibility.Read()), File.ReadAllText(ClientFiles.Documentation));
    }

    /// <summary>The program on a server and through a proxy; no output of the former where it cannot log in directly.</summary>
    private static async Task<(bool Tls, ClientOutput? Direct, string DirectSchema, ClientOutput Proxied, string ProxiedSchema)> RunAsync(
        ClientEntry client, string folder, ClientServers servers, bool tls)
    {
        await using var proxy = await servers.StartProxyAsync(tls);
        var (directly, proxied) = (await servers.CreateSchemaAsync(), await servers.CreateSchemaAsync());
        var control = client.NoDirectLoginOn == servers.Cluster.Installation.Flavor
            ? Task.FromResult<ClientOutput?>(null)
            : RunOnServerAsync();
        var through = await ClientProgram.RunAsync(client, folder, servers.Tell(client, proxy.Port, proxied, tls));
        var direct = await control;
        await servers.DropSchemaAsync(directly);
        await servers.DropSchemaAsync(proxied);
        return (tls, direct, directly, through, proxied);

        async Task<ClientOutput?> RunOnServerAsync() =>
            await ClientProgram.RunAsync(client, folder, servers.Tell(client, servers.Cluster.Primary.Port, directly, tls));
    }
}
