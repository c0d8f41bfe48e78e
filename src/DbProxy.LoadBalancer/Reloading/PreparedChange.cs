namespace DbProxy.LoadBalancer.Reloading;

/// <summary>A change by two functions.</summary>
/// <param name="commit">Makes it.</param>
/// <param name="undo">Closes what was opened for it, where it is not made; null: nothing was.</param>
public sealed class PreparedChange(Action commit, Func<Task>? undo = null) : IPreparedChange
{
    private bool _done;

    /// <inheritdoc/>
    public void Commit()
    {
        if (_done)
            return;
        _done = true;
        commit();
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (_done || undo is null)
            return;
        _done = true;
        await undo();
    }
}
