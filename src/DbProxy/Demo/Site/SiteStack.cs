using DbProxy.Demo.Site.Control;
using DbProxy.Demo.Site.Files;
using DbProxy.Demo.Site.Members;
using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;

namespace DbProxy.Demo.Site;

/// <summary>All processes of the site, in one folder; they end with it. Orders are carried out one at a time.</summary>
internal sealed class SiteStack : ISiteDriver, IAsyncDisposable
{
    public const string FolderPrefix = "dbproxy-site-";
    private static readonly TimeSpan _delay = TimeSpan.FromSeconds(10);

    private readonly OwnedFolder _folder;
    private readonly SiteAddresses _addresses = SiteAddresses.Choose();
    private readonly HttpClient _probe = new(new SocketsHttpHandler { UseProxy = false }) { Timeout = TimeSpan.FromSeconds(2) };
    private readonly SiteOperator _operator;
    private readonly SemaphoreSlim _one = new(1);
    private readonly List<RoleProcess> _roles = [];
    private ReplicationCluster? _cluster;
    private DatabaseMember[] _databases = [];
    private SitePlans? _plans;

    private SiteStack(OwnedFolder folder) => (_folder, _operator) = (folder, new(_probe));

    public string Folder => _folder.Path;

    public string Product => $"{DemoCluster.Name(_cluster!.Installation.Flavor)} {_cluster.Installation.Version}";

    public SiteAddresses Addresses => _addresses;

    public IEnumerable<ISiteMember> Members => [.. _roles, .. _databases];

    /// <returns>The running site, or null after everything that was tried for the databases has been said.</returns>
    /// <exception cref="SiteException">A part can't be had or did not start.</exception>
    public static async Task<SiteStack?> StartAsync(ServerFlavor? flavor, Progress progress, TextWriter error, CancellationToken cancel)
    {
        var stack = new SiteStack(OwnedFolder.Create(Path.GetTempPath(), FolderPrefix));
        try
        {
            var tools = await SiteTools.FindAsync(progress, cancel);
            stack._cluster = await DemoCluster.StartAsync(flavor, progress, error, cancel, stack.Folder);
            if (stack._cluster is null)
            {
                await stack.DisposeAsync();
                return null;
            }

            progress.Say("Starting front ends, web servers, application servers and proxies");
            await progress.WhileAsync(stack.StartRolesAsync(tools, cancel));
            return stack;
        }
        catch
        {
            await stack.DisposeAsync();
            throw;
        }
    }

    public async Task<SiteView> DoAsync(SiteOrder order, CancellationToken cancel)
    {
        await _one.WaitAsync(cancel);
        try
        {
            await ActAsync(order, cancel);
            return View();
        }
        catch (Exception e) when (e is ServerStartException or MySqlConnector.MySqlException or TimeoutException or InvalidOperationException)
        {
            throw new SiteException($"{order.Action} {order.Target}: {e.Message}");
        }
        finally
        {
            _one.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        // All at once and without ceremony: nobody is served any more, and no data is kept.
        await Task.WhenAll(_roles.Select(r => r.KillAsync()));
        _roles.ForEach(r => r.Dispose());
        if (_cluster is not null)
            await _cluster.DisposeAsync();
        _probe.Dispose();
        _one.Dispose();
        _folder.Dispose();
    }

    private async Task<bool> StartRolesAsync(SiteTools tools, CancellationToken cancel)
    {
        _databases = [.. _cluster!.Servers.Select(s => new DatabaseMember(s))];
        _plans = new SitePlans(Folder, _addresses, _cluster);
        _plans.WriteFiles(_operator.Password);
        RolePlan[] plans = [.. _plans.Fronts(), .. _plans.Webs(tools.Nginx), .. _plans.Apps(), .. _plans.DatabaseFronts(), .. _plans.Proxies()];
        _roles.AddRange(plans.Select(Role));
        if (tools.Prometheus is { } prometheus)
            _roles.Add(Role(_plans.Prometheus(prometheus, Members)));
        await StartAllAsync(cancel);
        return true;
    }

    /// <summary>The first one that fails ends the start of all.</summary>
    private async Task StartAllAsync(CancellationToken cancel)
    {
        using var failed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        Task[] starts = [.. _roles.Select(r => r.StartAsync(failed.Token))];
        try
        {
            await foreach (var started in Task.WhenEach(starts))
                await started;
        }
        catch
        {
            await failed.CancelAsync();
            await Task.WhenAll(starts).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            throw;
        }
    }

    private RoleProcess Role(RolePlan plan) => new(plan, Path.Combine(Folder, plan.Name + ".log"), _probe);

    private SiteView View() => new(
        [.. Members.Where(m => m.Tier == Tiers.Front).Select((_, i) => SiteAddresses.Host(Tiers.Front, i + 1))],
        _addresses.Https,
        _plans!.CertificatePath,
        DemoProxy.NameOf(_cluster!.Primary),
        [.. Members.Select(m => new MemberView(m.Name, m.Tier, m.State, m.Address, m.Metrics))]);

    private Task ActAsync(SiteOrder order, CancellationToken cancel) => order.Action switch
    {
        SiteAction.View => Task.CompletedTask,
        SiteAction.Kill => Member(order).KillAsync(),
        SiteAction.Start => Member(order).StartAsync(cancel),
        SiteAction.Restart => RestartAsync(Member(order), cancel),
        SiteAction.Pause => Immediately(Member(order).Pause),
        SiteAction.Resume => Immediately(Member(order).Resume),
        SiteAction.StopReplication => ReplicateAsync(order, false, cancel),
        SiteAction.StartReplication => ReplicateAsync(order, true, cancel),
        SiteAction.Delay => _cluster!.SetDelayAsync(Server(order), _delay, cancel),
        SiteAction.Undelay => _cluster!.SetDelayAsync(Server(order), TimeSpan.Zero, cancel),
        SiteAction.Promote => _cluster!.PromoteAsync(Server(order), cancel),
        _ => throw new SiteException($"{order.Action} is unknown here."),
    };

    private ISiteMember Member(SiteOrder order) =>
        Members.FirstOrDefault(m => m.Name == order.Target) ?? throw new SiteException($"There is no {order.Target}.");

    private LocalServer Server(SiteOrder order) =>
        Member(order) is DatabaseMember database ? database.Server : throw new SiteException($"{order.Target} is no database server.");

    private async Task ReplicateAsync(SiteOrder order, bool running, CancellationToken cancel)
    {
        await _cluster!.SetReceiverAsync(Server(order), running, cancel);
        await _cluster.SetApplierAsync(Server(order), running, cancel);
    }

    private async Task RestartAsync(ISiteMember member, CancellationToken cancel)
    {
        if (member.Tier == Tiers.Web)
            await _operator.WithoutAsync(Members.Where(m => m.Tier == Tiers.Front).Select(m => m.Metrics!), member.Tier, member.Name, AnewAsync, cancel);
        else
            await AnewAsync();

        async Task AnewAsync()
        {
            await member.StopAsync();
            await member.StartAsync(cancel);
        }
    }

    private static Task Immediately(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
