using System.Collections.Immutable;
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
                request.Headers.Remove(rule.Name);
                request.Content?.Headers.Remove(rule.Name);
            }
            // Headers of the content, such as Content-Language, are refused by the request's own collection.
            if (rule.Action != HeaderAction.Remove && !request.Headers.TryAddWithoutValidation(rule.Name, rule.Value))
                request.Content?.Headers.TryAddWithoutValidation(rule.Name, rule.Value);
        }
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
