namespace DbProxy.Core.Monitoring;

/// <summary>Looks at one server; keeps a connection between two looks.</summary>
internal interface IServerProbe : IAsyncDisposable
{
    /// <summary>Whether the next look can use an open connection.</summary>
    bool Connected { get; }

    /// <summary>Looks once.</summary>
    /// <exception cref="ProbeException">The server could not be looked at.</exception>
    Task<ProbeReading> ReadAsync(MonitorSettings settings, CancellationToken stopping);

    /// <summary>Gives up a look that takes too long: the connection is closed under it, the next look makes a new
    /// one.</summary>
    void Abandon();
}
