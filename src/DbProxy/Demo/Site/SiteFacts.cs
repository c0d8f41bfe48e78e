using DbProxy.Demo.Site.Files;
using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site;

/// <summary>What a user needs to know about the running site.</summary>
internal static class SiteFacts
{
    public static IEnumerable<string> Lines(SiteStack stack)
    {
        var (second, port) = (SiteAddresses.Host(Tiers.Front, 2), stack.Addresses.Https);
        yield return "";
        yield return $"Site:        https://localhost:{port}  and  https://{second}:{port}";
        yield return "             two front ends with an address each (active-active); the certificate is made for this run";
        foreach (var tier in stack.Members.GroupBy(m => m.Tier))
            yield return $"{Label(tier.Key)}{string.Join("  ", tier.Select(m => $"{m.Name} {m.Address}"))}";
        yield return $"Databases:   {stack.Product}, one primary and two replicas, TLS";
        yield return $"Statistics:  {string.Join("  ", stack.Members.Where(m => m.Metrics is not null && m.Tier != Tiers.App).Select(m => new Uri(m.Metrics!, "/")))}";
        yield return $"             for actions there: the password in {stack.Folder}/operator-password";
        yield return $"Metrics:     {string.Join("  ", stack.Members.Where(m => m.Metrics is not null && m.Tier == Tiers.Front).Select(m => m.Metrics))}";
        yield return $"Folder:      {stack.Folder} (logs and configuration of all; it goes with this command)";
        yield return "Break it:    dbproxy demo break --list, in another terminal";
        yield return "Ctrl-C stops all of it.";
    }

    private static string Label(string tier) => (tier + ":").PadRight(17);
}
