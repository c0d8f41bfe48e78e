using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Files;

/// <summary>Prometheus's configuration: this machine's targets, under the job names that the alert rules know.</summary>
internal static class MonitoringFiles
{
    /// <returns>The path of the main file.</returns>
    public static string Write(string folder, IEnumerable<ISiteMember> members)
    {
        Directory.CreateDirectory(folder);
        File.WriteAllText(Path.Combine(folder, "alerts.yml"), SharedFiles.Read(SharedFiles.Alerts));
        var jobs = members.Where(m => m.Metrics is not null).GroupBy(m => m.Tier).Select(tier => $"""
              - job_name: {tier.Key}
                static_configs:
            {string.Join('\n', tier.Select(m => $"      - {{ targets: [\"{m.Metrics!.Authority}\"], labels: {{ instance: {m.Name} }} }}"))}
            """);
        var main = Path.Combine(folder, "prometheus.yml");
        File.WriteAllText(main, $$"""
            global: { scrape_interval: 2s, scrape_timeout: 2s, evaluation_interval: 2s }
            rule_files: [alerts.yml]
            scrape_configs:
            {{string.Join('\n', jobs)}}

            """);
        return main;
    }
}
