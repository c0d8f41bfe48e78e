using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;

namespace DbProxy.LoadBalancer.Rules;

/// <summary>
/// Conditions that must all hold; in each of them one of the listed values is enough, and an empty list asks nothing.
/// Immutable.
/// </summary>
public sealed record Match
{
    /// <summary>Networks, IPv4 or IPv6, that the client's address is in one of.</summary>
    public ImmutableArray<IPNetwork> Sources { get; init; } = [];

    /// <summary>Hosts, without regard to case; <c>*.example.org</c> stands for every host below.</summary>
    public ImmutableArray<string> Hosts { get; init; } = [];

    /// <summary>What the path begins with.</summary>
    public ImmutableArray<string> PathPrefixes { get; init; } = [];

    /// <summary>A pattern that the path contains; null: any.</summary>
    public Regex? PathPattern { get; init; }

    /// <summary>HTTP methods.</summary>
    public ImmutableArray<string> Methods { get; init; } = [];

    /// <summary>Headers and the patterns that their values contain; a missing header matches nothing.</summary>
    public ImmutableArray<KeyValuePair<string, Regex>> Headers { get; init; } = [];

    /// <summary>A pattern that the subject of the client's certificate contains; null: none is needed.</summary>
    public Regex? CertificateSubject { get; init; }

    /// <summary>Whether all conditions hold.</summary>
    public bool Holds(IRequestFacts facts)
    {
        ArgumentNullException.ThrowIfNull(facts);
        return (Sources.IsEmpty || IsIn(Sources, facts.Source))
            && (Hosts.IsEmpty || (facts.Host is { } host && Hosts.Any(pattern => IsHost(pattern, host))))
            && (PathPrefixes.IsEmpty || (facts.Path is { } path && PathPrefixes.Any(p => path.StartsWith(p, StringComparison.Ordinal))))
            && (PathPattern is null || (facts.Path is { } text && PathPattern.IsMatch(text)))
            && (Methods.IsEmpty || (facts.Method is { } method && Methods.Contains(method)))
            && (CertificateSubject is null || (facts.CertificateSubject is { } subject && CertificateSubject.IsMatch(subject)))
            && Headers.All(h => facts.Header(h.Key) is { } value && h.Value.IsMatch(value));
    }

    /// <summary>Whether an address is in one of the networks; an IPv4 address may come as IPv6.</summary>
    public static bool IsIn(ImmutableArray<IPNetwork> networks, IPAddress address)
    {
        ArgumentNullException.ThrowIfNull(address);
        if (address.IsIPv4MappedToIPv6)
            address = address.MapToIPv4();
        foreach (var network in networks)
            if (network.Contains(address))
                return true;
        return false;
    }

    private static bool IsHost(string pattern, string host) => pattern.StartsWith("*.", StringComparison.Ordinal)
        ? host.Length > pattern.Length - 1 && host.EndsWith(pattern[1..], StringComparison.OrdinalIgnoreCase)
        : host.Equals(pattern, StringComparison.OrdinalIgnoreCase);
}
