namespace DbProxy.Transport;

/// <summary>
/// The proxy completes socket operations inline on its polling threads, where sessions live: what monitors and checks compute
/// after an answer arrived would delay them. Every await of the driver goes through here and continues on the pool.
/// </summary>
public static class OffSocketThread
{
    /// <summary>Continues on the pool, unless there is nothing to wait for.</summary>
    public static Task<T> Hop<T>(this Task<T> task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsCompleted ? task : HopSlow(task);
    }

    /// <summary>Continues on the pool, unless there is nothing to wait for.</summary>
    public static Task Hop(this Task task)
    {
        ArgumentNullException.ThrowIfNull(task);
        return task.IsCompleted ? task : HopSlow(task);
    }

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
