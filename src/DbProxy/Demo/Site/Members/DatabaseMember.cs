using DbProxy.LocalCluster;

namespace DbProxy.Demo.Site.Members;

/// <summary>A database server of the cluster as a member of the site.</summary>
internal sealed class DatabaseMember(LocalServer server) : ISiteMember
{
    private bool _isPaused;

    public LocalServer Server => server;

    public string Name => DemoProxy.NameOf(server);

    public string Tier => Tiers.Database;

    public string Address => $"127.0.0.1:{server.Port}";

    public Uri? Metrics => null;

    public MemberState State => !server.IsRunning ? MemberState.Stopped : _isPaused ? MemberState.Paused : MemberState.Running;

    public Task StartAsync(CancellationToken cancel)
    {
        _isPaused &= server.IsRunning;
        return server.StartAsync(cancel);
    }

    public async Task StopAsync()
    {
        Resume();
        await server.StopAsync();
    }

    public Task KillAsync() => server.KillAsync();

    public void Pause()
    {
        _isPaused = true;
        server.Pause();
    }

    public void Resume()
    {
        _isPaused = false;
        server.Resume();
    }
}
