namespace DbProxy.LoadBalancer.Reloading;

/// <summary>
/// A change whose part that can fail has succeeded: what is to be opened is open, what is to be read is read. Nothing of it
/// is in force yet. It is either made or disposed.
/// </summary>
public interface IPreparedChange : IAsyncDisposable
{
    /// <summary>Makes the change. Does not fail.</summary>
    void Commit();
}
