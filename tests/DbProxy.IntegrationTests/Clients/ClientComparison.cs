using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Clients;

/// <summary>Compares the runs of one client on one kind of server, and says what is not the same.</summary>
internal sealed class ClientComparison(ClientEntry client, Flavor flavor)
{
    private readonly List<string> _problems = [];
    private readonly Dictionary<string, CompatibilityCell> _cells = [];
    private readonly HashSet<KnownDifference> _seen = [];
    private string _version = "";

    public void Add(bool tls, ClientOutput? direct, string directSchema, ClientOutput proxied, string proxiedSchema)
    {
        _version = proxied.Version.Length > 0 ? proxied.Version : _version;
        var where = tls ? "with TLS" : "without TLS";
        var (control, through) = (direct?.Capabilities(directSchema), proxied.Capabilities(proxiedSchema));
        if (direct is not null && direct.ExitCode != 0)
        {
            _problems.Add($"{where}: the direct run ended with {direct}");
        }

        if (proxied.ExitCode != 0)
        {
            _problems.Add($"{where}: the run through the proxy ended with {proxied}");
        }

        foreach (var (name, _) in ClientFiles.Capabilities[client.List])
        {
            Compare(where, name, control?.GetValueOrDefault(name) ?? (control is null ? null : new("fail", name, "not reported")),
                through.GetValueOrDefault(name) ?? new("fail", name, "not reported"));
        }
    }

    /// <summary>Fails the test with all that was not as it should be.</summary>
    public void AssertSame()
    {
        foreach (var stale in KnownDifferences.All.Where(d => d.Always && d.Client == client.Name && !_seen.Contains(d)
            && (d.Server == "*" || d.Server == (flavor == Flavor.MySql ? "mysql" : "mariadb"))))
        {
            _problems.Add($"{stale.Capability}: listed in differences.txt, and does not differ any more");
        }

        if (_problems.Count == 0)
        {
            CompatibilityCell version = new(client.Name, flavor, CompatibilityCell.Version, "same", _version);
            _problems.AddRange(Compatibility.Record(client.Name, flavor, [version, .. _cells.Values])
                .Select(p => $"docs/compatibility.md is not true any more (DBPROXY_WRITE_COMPATIBILITY=1 writes it): {p}"));
        }

        Assert.True(_problems.Count == 0, string.Join("\n\n", _problems));
    }

    private void Compare(string where, string name, CapabilityLine? direct, CapabilityLine proxied)
    {
        if (direct?.State == "fail")
        {
            _problems.Add($"{where}: the direct run fails, so that nothing is proved\n  {direct}");
            return;
        }

        var same = direct is null ? proxied.State != "fail" : direct == proxied;
        var difference = same ? null : KnownDifferences.Find(client.Name, flavor, name);
        if (!same && difference is null)
        {
            _problems.Add($"{where}: differs\n  directly: {direct?.ToString() ?? "(no direct login possible)"}\n  proxied:  {proxied}");
            return;
        }

        if (difference is not null)
        {
            _seen.Add(difference);
        }

        var state = !same || (proxied.State == "ok" && KnownDifferences.Find(client.Name, flavor, name) is { Always: false }) ? "differs"
            : proxied.State == "skip" ? "cannot" : direct is null ? "proxied" : "same";
        // What one of the two runs can do counts: sysbench cannot use TLS.
        if (!_cells.TryGetValue(name, out var before) || before.State == "cannot" || state == "differs")
        {
            _cells[name] = new(client.Name, flavor, name, state, state == "cannot" ? proxied.Detail : "");
        }
    }
}
