using System.Net;
using DbProxy.LoadBalancer.Rules;

namespace DbProxy.LoadBalancer.TcpMode;

/// <summary>What rules may look at of a connection that is only bytes.</summary>
internal sealed record TcpFacts(IPAddress Source, string? Host = null, string? CertificateSubject = null) : IRequestFacts
{
    public string? Method => null;

    public string? Path => null;

    public string? Header(string name) => null;
}
