using System.Collections.Immutable;
using System.Net;
using System.Text.RegularExpressions;
using DbProxy.Core.Configuration.Loading;
using DbProxy.LoadBalancer.Frontends;
using DbProxy.LoadBalancer.Rules;
using Match = DbProxy.LoadBalancer.Rules.Match;

namespace DbProxy.Core.Configuration.Validation;

/// <summary>Reads the conditions of a rule.</summary>
internal sealed class MatchBuilder(MistakeList mistakes)
{
    // A pattern meets whatever strangers send: one that backtracks for ever must not take a front end with it.
    private static readonly TimeSpan _patternTimeout = TimeSpan.FromMilliseconds(100);

    public Match Build(string path, MatchOptions options, FrontendMode mode)
    {
        if (mode == FrontendMode.Tcp
            && (options.PathPrefixes.Count > 0 || options.PathPattern is not null || options.Methods.Count > 0 || options.Headers.Count > 0))
            mistakes.Add(path, "paths, methods and headers can be told in http mode only; set the frontend's Mode to \"Http\"");
        return new()
        {
            Sources = Networks($"{path}.Sources", options.Sources),
            Hosts = [.. options.Hosts],
            PathPrefixes = [.. options.PathPrefixes],
            PathPattern = Pattern($"{path}.PathPattern", options.PathPattern),
            Methods = [.. options.Methods],
            Headers = [.. options.Headers
                .Select(h => (h.Key, Pattern: Pattern($"{path}.Headers.{h.Key}", h.Value)))
                .Where(h => h.Pattern is not null)
                .Select(h => KeyValuePair.Create(h.Key, h.Pattern!))],
            CertificateSubject = Pattern($"{path}.CertificateSubject", options.CertificateSubject),
        };
    }

    public ImmutableArray<IPNetwork> Networks(string path, List<string> networks) =>
        [.. networks.Select((text, i) => Network($"{path}[{i}]", text)).OfType<IPNetwork>()];

    private IPNetwork? Network(string path, string text)
    {
        if (IPNetwork.TryParse(text, out var network))
            return network;
        if (IPAddress.TryParse(text, out var address))
            return new(address, address.GetAddressBytes().Length * 8);
        mistakes.Add(path, $"\"{text}\" is not a network; write for example 10.0.0.0/8 or 192.0.2.7");
        return null;
    }

    private Regex? Pattern(string path, string? text)
    {
        try
        {
            return text is null ? null : new(text, RegexOptions.CultureInvariant, _patternTimeout);
        }
        catch (ArgumentException e)
        {
            mistakes.Add(path, $"not a regular expression: {e.Message}");
            return null;
        }
    }
}
