using DbProxy.Core.Monitoring;

namespace DbProxy.Tests.Monitoring;

/// <summary>A probe that sees what the test says; a hanging one never answers.</summary>
internal sealed class FakeProbe : IServerProbe
{
    internal Func<ProbeReading> Look { get; set; } = () => throw new InvalidOperationException("no look set");

    internal bool Hangs { get; set; }

    internal int Looks { get; private set; }

    internal int Abandoned { get; private set; }

    internal bool Disposed { get; private set; }

    internal SemaphoreSlim Looked { get; } = new(0);

    public bool Connected => true;

    public Task<ProbeReading> ReadAsync(MonitorSettings settings, CancellationToken stopping)
    {
        Looks++;
        try
        {
            if (Hangs)
                return new TaskCompletionSource<ProbeReading>().Task;
            return Task.FromResult(Look());
        }
        finally
        {
            Looked.Release();
        }
    }

    public void Abandon() => Abandoned++;

    public ValueTask DisposeAsync()
    {
        Disposed = true;
        return ValueTask.CompletedTask;
    }
}
