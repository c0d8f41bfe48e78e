namespace DbProxy.LocalCluster;

/// <summary>A server did not come up; the message ends with the last lines of its own log.</summary>
public sealed class ServerStartException : Exception
{
    /// <summary>Creates the exception.</summary>
    public ServerStartException(string message, bool portTaken = false) : base(message) => PortTaken = portTaken;

    /// <summary>True when the chosen port belonged to somebody else: another one may work.</summary>
    public bool PortTaken { get; }
}
