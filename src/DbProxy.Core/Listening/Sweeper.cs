using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Sessions;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.Core.Listening;

/// <summary>
/// One coarse clock for all timeouts of sessions and pools, instead of a timer for each; and the watch over servers that
/// went down, so that sessions waiting for their answers go on elsewhere.
/// </summary>
internal sealed class Sweeper(ProxyContext context, TimeProvider time)
{
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(500);

    // Under lasting pressure the sweep runs this often: a session waits no longer for a connection that is merely held.
    private static readonly TimeSpan Shortest = TimeSpan.FromMilliseconds(10);

    private readonly SemaphoreSlim _pressed = new(0, 1);

    public Task RunAsync(CancellationToken stopping) => Task.WhenAll(SweepAsync(stopping), WatchAsync(stopping));

    private async Task SweepAsync(CancellationToken stopping)
    {
        long sweptAt = time.GetTimestamp();
        while (!stopping.IsCancellationRequested)
        {
            await Task.Delay(Shortest, time, stopping).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
            bool waiting = context.Users.Accounts.Any(a => a.Pools.Any(p => p.HasWaiters));
            await ((Task)_pressed.WaitAsync(waiting ? Shortest : Interval, stopping)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            ProxyConfig config = context.Config.Current;
            foreach (Session session in context.Sessions.All)
            {
                session.ReclaimHeld(config.Pool.HoldTimeout);
            }

            foreach (ConnectionPool pool in context.Users.Accounts.SelectMany(a => a.Pools))
            {
                pool.EndWaits(config.Pool.AcquireTimeout);
            }

            if (time.GetElapsedTime(sweptAt) < Interval)
            {
                continue;
            }

            sweptAt = time.GetTimestamp();
            foreach (Session session in context.Sessions.All)
            {
                session.Sweep(config.Limits.IdleTimeout, config.Limits.LoginTimeout);
            }

            context.Users.Trim();
            foreach (ConnectionPool pool in context.Users.Accounts.SelectMany(a => a.Pools))
            {
                pool.CloseStale(config.Pool);
                if (!pool.Backend.State.Model.Order.IsReady)
                {
                    pool.CloseAllIdle();
                }
            }

            foreach (UserAccount account in context.Users.Accounts)
            {
                account.ForgetUnused();
            }

            context.Servers.DropEmpty();
        }
    }

    private void Press()
    {
        if (_pressed.CurrentCount == 0)
        {
            try
            {
                _pressed.Release();
            }
            catch (SemaphoreFullException)
            {
                // Somebody else did in the same moment.
            }
        }
    }

    private async Task WatchAsync(CancellationToken stopping)
    {
        while (!stopping.IsCancellationRequested)
        {
            Task change = context.Topology.WaitForChangeAsync(stopping);
            foreach (ServerBackend backend in context.Backends)
            {
                backend.Pressed = Press;
                ServerModel now = backend.State.Model;
                bool cut = now is { Health: ServerHealth.Down } or { Order.State: AdminState.Maint };
                if (cut && !backend.IsCut)
                {
                    Log.ServerCut(context.Logger, backend.State.Name, now.Order.State == AdminState.Maint ? "in maintenance" : "down", backend.Connections.Count());
                    backend.AbortAll();
                }

                backend.IsCut = cut;
            }

            try
            {
                await change;
            }
            catch (OperationCanceledException)
            {
                return;
            }
        }
    }
}
