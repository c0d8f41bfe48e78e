using System.Collections.Immutable;
using System.Net.Http.Headers;
using DbProxy.LoadBalancer.HttpMode.Settings;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace DbProxy.LoadBalancer.HttpMode.Forwarding;

/// <summary>Applies the configured changes of headers.</summary>
internal static class HeaderRules
{
    public static void Apply(ImmutableArray<HeaderRule> rules, HttpRequestMessage request)
    {
        foreach (var rule in rules)
        {
            if (rule.Action != HeaderAction.Add)
            {
                Remove(request.Headers, rule.Name);
                Remove(request.Content?.Headers, rule.Name);
            }
            // Headers of the content, such as Content-Language, are refused by the request's own collection.
            if (rule.Action != HeaderAction.Remove && !request.Headers.TryAddWithoutValidation(rule.Name, rule.Value))
                request.Content?.Headers.TryAddWithoutValidation(rule.Name, rule.Value);
        }
    }

    // To take out a header that is of the other collection's kind would throw.
    private static void Remove(HttpHeaders? headers, string name)
    {
        if (headers?.NonValidated.Contains(name) == true)
            headers.Remove(name);
    }

    public static void Apply(ImmutableArray<HeaderRule> rules, IHeaderDictionary response)
    {
        foreach (var rule in rules)
            switch (rule.Action)
            {
                case HeaderAction.Add:
                    response[rule.Name] = StringValues.Concat(response[rule.Name], rule.Value);
                    break;
                case HeaderAction.Set:
                    response[rule.Name] = rule.Value;
                    break;
                default:
                    response.Remove(rule.Name);
                    break;
            }
    }
}
