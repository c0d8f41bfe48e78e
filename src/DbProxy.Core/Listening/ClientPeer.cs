using System.Net;

namespace DbProxy.Core.Listening;

/// <summary>Who a client is: its address, or that of the client that a proxy in front named.</summary>
/// <param name="EndPoint">Its address and port; null: it came over a Unix domain socket.</param>
/// <param name="Through">The proxy that named it; null: none.</param>
internal sealed record ClientPeer(IPEndPoint? EndPoint, IPEndPoint? Through = null)
{
    /// <summary>Who is at the other end of the connection, be it a proxy or the client.</summary>
    public IPEndPoint? Connected => Through ?? EndPoint;

    /// <summary>As MySQL names a client's host; <c>localhost</c> is its name for Unix domain sockets.</summary>
    public string Host => EndPoint?.Address.ToString() ?? "localhost";

    public static ClientPeer Of(EndPoint? remote) => new((remote as IPEndPoint).Plain());

    /// <summary>The client that a header of the PROXY protocol names, or the proxy itself where it names none.</summary>
    public ClientPeer Named(IPEndPoint? source) => source is null ? this : new(source.Plain(), EndPoint);

    /// <summary>For the log.</summary>
    public override string ToString() =>
        (EndPoint?.ToString() ?? "localhost (Unix socket)") + (Through is null ? "" : $" (through {Through})");
}
