using DbProxy.Demo.Site.Breaking;
using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Outside;
using DbProxy.IntegrationTests.Demo;
using DbProxy.LocalCluster;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

[assembly: AssemblyFixture(typeof(DbProxy.IntegrationTests.Site.RunningSite))]

namespace DbProxy.IntegrationTests.Site;

/// <summary>One <c>dbproxy demo --full</c> for all tests of the site, started when one first asks for it.</summary>
public sealed class RunningSite : IAsyncDisposable
{
    // Of the pauses for people who watch; what is waited for is not shortened by it.
    private const double Pace = 0.4;
    private static readonly Lazy<Task<RunningSite>> Shared = new(() => Task.Run(StartAsync));

    private readonly ChildProcess? _process;

    /// <summary>For xunit, which disposes this one.</summary>
    public RunningSite()
    {
    }

    private RunningSite(ChildProcess process) =>
        (_process, Driver) = (process, new ControlClient(process.Printed("Folder:").Split(' ')[0]));

    internal ISiteDriver Driver { get; } = null!;

    /// <summary>The running site. Skips the test, with the reason, where a part of it can't be had.</summary>
    internal static async Task<RunningSite> GetAsync()
    {
        if (!File.Exists("/usr/sbin/nginx"))
            Assert.Skip("nginx is not installed (Debian: nginx-light).");
        foreach (var flavor in (Flavor[])[Flavor.MySql, Flavor.MariaDb])
        {
            if ((await ServerBinaries.FindAsync(flavor)).Found)
                return await Shared.Value;
        }

        Assert.Skip("No database server can be had.");
        throw new InvalidOperationException();
    }

    internal Task<SiteView> ViewAsync() => DoAsync(SiteAction.View, "");

    internal Task<SiteView> DoAsync(SiteAction action, string target) =>
        Driver.DoAsync(new(action, target), TestContext.Current.CancellationToken);

    internal Task<BreakReport> PlayAsync(Scenario scenario) => ScenarioRun.PlayAsync(
        scenario, Driver, TestContext.Current.TestOutputHelper!.WriteLine, Pace, TestContext.Current.CancellationToken);

    /// <summary>A client that trusts the site, as users' browsers do.</summary>
    internal async Task<HttpClient> ClientAsync()
    {
        var view = await ViewAsync();
        return SiteHttp.Create(view.Hosts, view.Port, view.CertificatePath, TimeSpan.FromSeconds(30));
    }

    internal string Printed(string label) => _process!.Printed(label);

    public async ValueTask DisposeAsync()
    {
        if (!Shared.IsValueCreated || !Shared.Value.IsCompletedSuccessfully)
            return;
        await using var process = (await Shared.Value)._process!;
        process.Signal(ChildProcess.Terminate);
        Assert.Equal(0, await process.EndsAsync());
        process.LeftNothing();
    }

    private static async Task<RunningSite> StartAsync()
    {
        var process = ChildProcess.Start("demo", "--full");
        try
        {
            await process.SaysAsync("Ctrl-C stops all of it.");
            return new(process);
        }
        catch
        {
            await process.DisposeAsync();
            throw;
        }
    }
}
