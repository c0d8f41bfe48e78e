namespace DbProxy.LoadBalancer.Reloading;

/// <summary>Several changes that are made together or not at all.</summary>
public sealed class ChangeSet : IPreparedChange
{
    private readonly List<IPreparedChange> _changes = [];

    /// <summary>One more.</summary>
    public void Add(IPreparedChange change) => _changes.Add(change);

    /// <inheritdoc/>
    public void Commit() => _changes.ForEach(c => c.Commit());

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        foreach (var change in _changes)
            await change.DisposeAsync();
    }
}
