namespace DbProxy.Core.Monitoring;

/// <summary>
/// The proxy completes socket operations inline on its polling threads, where sessions live: what the monitor computes
/// after an answer arrived would delay them. Every await of the driver goes through here and continues on the pool.
/// </summary>
internal static class OffSocketThread
{
    internal static Task<T> Hop<T>(this Task<T> task) => task.IsCompleted ? task : HopSlow(task);

    internal static Task Hop(this Task task) => task.IsCompleted ? task : HopSlow(task);

    private static async Task<T> HopSlow<T>(Task<T> task)
    {
        await HopSlow((Task)task);
        return task.GetAwaiter().GetResult();
    }

    private static async Task HopSlow(Task task)
    {
        await task.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
        task.GetAwaiter().GetResult();
    }
}
