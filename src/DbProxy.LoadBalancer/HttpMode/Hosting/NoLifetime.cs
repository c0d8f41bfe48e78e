using Microsoft.Extensions.Hosting;

namespace DbProxy.LoadBalancer.HttpMode.Hosting;

/// <summary>The process's signals belong to the process's own host, not to each frontend's.</summary>
internal sealed class NoLifetime : IHostLifetime
{
    public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
