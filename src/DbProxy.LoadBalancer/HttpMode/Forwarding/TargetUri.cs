using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>What a server is asked for: path and query as the client wrote them, since %2F is no slash, and signatures are made over them.</summary>
internal static partial class TargetUri
{
    private static readonly UriCreationOptions _asWritten = new() { DangerousDisablePathAndQueryCanonicalization = true };

    /// <summary>Null where the target is no path, or one with dot segments: rules have seen it without them, and so must the server. So is
    /// one with %2F beside the dots, which a server may take for such a segment, though rules have not: its %2F goes on as %252F.</summary>
    /// <param name="http">The request.</param>
    /// <param name="prefix">Scheme and authority, with a slash at the end.</param>
    public static Uri? Of(HttpContext http, string prefix)
    {
        var target = http.Features.Get<IHttpRequestFeature>()!.RawTarget;
        return target.StartsWith('/') && !HasDotSegment(target) ? new(string.Concat(prefix, target.AsSpan(1)), _asWritten) : null;
    }

    /// <summary>Most targets have neither of the two, which are found faster than the expression finds out.</summary>
    private static bool HasDotSegment(string target) =>
        (target.Contains("/.", StringComparison.Ordinal) || target.Contains('%', StringComparison.Ordinal)) && DotSegments().IsMatch(target);

    [GeneratedRegex("^[^?]*(?:/|%2[fF])(?:\\.|%2[eE]){1,2}(?:[/?]|%2[fF]|$)", RegexOptions.CultureInvariant)]
    private static partial Regex DotSegments();
}
