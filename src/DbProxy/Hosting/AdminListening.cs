using DbProxy.Admin;
using DbProxy.LoadBalancer.Reloading;
using DbProxy.Transport;

namespace DbProxy.Hosting;

/// <summary>Runs the operators' listener inside the host. Where no other process answers yet it does so from the start, so that
/// /healthz can be asked while databases are waited for.</summary>
internal sealed class AdminListening(AdminService admin, ListenSockets sockets) : ListeningService
{
    public override Task StopAsync(CancellationToken cancellationToken) => admin.StopAsync(cancellationToken);

    protected override async Task<IPreparedChange> PrepareStartAsync(CancellationToken cancellationToken)
    {
        var start = await admin.PrepareStartAsync(cancellationToken);
        if (!sockets.IsTakingOver) start.Commit();
        return start;
    }
}
