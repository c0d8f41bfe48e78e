namespace DbProxy.LocalCluster;

/// <summary>No server can be had on this machine. A test skips with this message, which names everything that was tried.</summary>
public sealed class ClusterUnavailableException : Exception
{
    /// <summary>Creates the exception from the result of a search that found nothing.</summary>
    public ClusterUnavailableException(BinariesResult result) : base(result?.Explanation)
    {
        ArgumentNullException.ThrowIfNull(result);
        Result = result;
    }

    /// <summary>What was tried.</summary>
    public BinariesResult Result { get; }
}
