namespace DbProxy.Core.Sessions;

/// <summary>Where a session ends while the proxy drains.</summary>
internal enum DrainStage
{
    /// <summary>It does not drain.</summary>
    None,

    /// <summary>Where the client's pool takes the connection up anew, or it has been idle for a while.</summary>
    AtSeams,

    /// <summary>Behind any statement that leaves no transaction open.</summary>
    AfterStatements,
}
