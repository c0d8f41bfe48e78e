namespace DbProxy.LoadBalancer.Servers;

/// <summary>What an operator wants of a server, whatever its health.</summary>
public enum AdminState
{
    /// <summary>It works as its health allows.</summary>
    Ready,

    /// <summary>It gets nothing new; what it has goes on. Health checks go on too.</summary>
    Drain,

    /// <summary>It gets nothing and is not checked.</summary>
    Maint,
}
