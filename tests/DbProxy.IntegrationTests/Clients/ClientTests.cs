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
        foreach (var tls in new[] { false, true })
        {
            await using var proxy = await servers.StartProxyAsync(tls);
            var (directly, proxied) = (await servers.CreateSchemaAsync(), await servers.CreateSchemaAsync());
            var hasControl = client.NoDirectLoginOn != flavor;
            var control = hasControl
                ? ClientProgram.RunAsync(client, folder, servers.Tell(client, servers.Cluster.Primary.Port, directly, tls))
                : Task.FromResult<ClientOutput>(null!);
            var through = ClientProgram.RunAsync(client, folder, servers.Tell(client, proxy.Port, proxied, tls));
            comparison.Add(tls, hasControl ? await control : null, directly, await through, proxied);
            await servers.DropSchemaAsync(directly);
            await servers.DropSchemaAsync(proxied);
        }

        comparison.AssertSame();
    }

    [Fact]
    public void The_page_of_the_matrix_is_what_the_recorded_results_say()
    {
        Assert.SkipWhen(Compatibility.Writes, "It is being written.");
        Assert.Equal(CompatibilityPage.Render(Compatibility.Read()), File.ReadAllText(ClientFiles.Documentation));
    }
}
