using System.Net;

namespace DbProxy.LoadBalancer.Rules;

/// <summary>What rules may look at of a connection or request. What does not exist in tcp mode is null there.</summary>
public interface IRequestFacts
{
    /// <summary>The client's address, behind trusted proxies the one that they name.</summary>
    IPAddress Source { get; }

    /// <summary>The host that is asked for, without a port: the Host header, in tcp mode the server name of TLS.</summary>
    string? Host { get; }

    /// <summary>The HTTP method.</summary>
    string? Method { get; }

    /// <summary>The path without the query.</summary>
    string? Path { get; }

    /// <summary>The subject of the client's certificate; null: it showed none.</summary>
    string? CertificateSubject { get; }

    /// <summary>A request header's value; null where it is missing.</summary>
    string? Header(string name);
}
