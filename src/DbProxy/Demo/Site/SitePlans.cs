using DbProxy.Demo.Site.Files;
using DbProxy.Demo.Site.Members;
using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Servers;

namespace DbProxy.Demo.Site;

/// <summary>
/// The processes in front of the databases. The dbproxy ones read the same files as those of docker-compose.yml; what is
/// different on one machine overrides them by environment variables.
/// </summary>
internal sealed class SitePlans(string folder, SiteAddresses addresses, ReplicationCluster cluster)
{
    private const int QuitSignal = 3;
    private static readonly int[] _both = [1, 2];

    public string CertificatePath => Path.Combine(folder, ServerCertificate.CertificateName);

    private string AuthoritiesPath => Path.Combine(folder, "databases-ca.pem");

    /// <summary>The file with the password for actions on the statistics pages.</summary>
    public string OperatorPath => Path.Combine(folder, "operator-password");

    private string KeyPath => Path.Combine(folder, ServerCertificate.KeyName);

    /// <summary>Writes certificate, passwords and shared configuration files.</summary>
    public void WriteFiles(string operatorPassword)
    {
        File.WriteAllText(OperatorPath, operatorPassword);
        ServerCertificate.Write(folder);
        // Each MySQL server is its own authority.
        File.WriteAllLines(AuthoritiesPath, cluster.Servers.Select(s => s.CertificateAuthorityPath).Distinct().Select(File.ReadAllText));
        File.WriteAllText(Path.Combine(folder, "app-password"), cluster.App.Password);
        File.WriteAllText(Path.Combine(folder, "monitor-password"), cluster.Monitor.Password);
        foreach (var file in (string[])[SharedFiles.Front, SharedFiles.DatabaseFront, SharedFiles.Proxy])
            File.WriteAllText(Path.Combine(folder, Path.GetFileName(file)), SharedFiles.Read(file));
    }

    public IEnumerable<RolePlan> Proxies() => _both.Select(n => DbProxy(Tiers.Proxy, n, SharedFiles.Proxy, addresses.Database, new()
    {
        ["DBPROXY_LISTEN"] = $"{SiteAddresses.Host(Tiers.Proxy, n)}:{addresses.Database}",
        ["DBPROXY_MONITOR__USER"] = cluster.Monitor.User,
        ["DBPROXY_MONITOR__PASSWORDFILE"] = Path.Combine(folder, "monitor-password"),
        ["DBPROXY_CLIENTTLS__CERTIFICATEFILE"] = CertificatePath,
        ["DBPROXY_CLIENTTLS__KEYFILE"] = KeyPath,
        // The local servers' certificates name no host.
        ["DBPROXY_SERVERTLS__MODE"] = "VerifyCa",
        ["DBPROXY_SERVERTLS__CAFILE"] = AuthoritiesPath,
        ["DBPROXY_PROXYPROTOCOL__TRUSTEDNETWORKS__0"] = "127.0.0.0/8",
        ["DBPROXY_SERVERS__0__ADDRESS"] = $"127.0.0.1:{cluster.Servers[0].Port}",
        ["DBPROXY_SERVERS__1__ADDRESS"] = $"127.0.0.1:{cluster.Servers[1].Port}",
        ["DBPROXY_SERVERS__2__ADDRESS"] = $"127.0.0.1:{cluster.Servers[2].Port}",
    }));

    public IEnumerable<RolePlan> DatabaseFronts() => _both.Select(n => DbProxy(Tiers.DatabaseFront, n, SharedFiles.DatabaseFront, addresses.Database, new()
    {
        ["DBPROXY_FRONTENDS__0__LISTEN__0"] = $"{SiteAddresses.Host(Tiers.DatabaseFront, n)}:{addresses.Database}",
        ["DBPROXY_BACKENDS__0__CHECK__PORT"] = $"{addresses.Admin}",
        ["DBPROXY_BACKENDS__0__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Proxy, 1)}:{addresses.Database}",
        ["DBPROXY_BACKENDS__0__SERVERS__1__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Proxy, 2)}:{addresses.Database}",
    }));

    public IEnumerable<RolePlan> Apps() => _both.Select(n => new RolePlan
    {
        Name = $"{Tiers.App}{n}",
        Tier = Tiers.App,
        Address = $"http://{SiteAddresses.Host(Tiers.App, n)}:{addresses.App}",
        Command = Programs.Sample(),
        Environment = new Dictionary<string, string>
        {
            ["ASPNETCORE_URLS"] = $"http://{SiteAddresses.Host(Tiers.App, n)}:{addresses.App}",
            ["Shop__Name"] = $"{Tiers.App}{n}",
            ["ConnectionStrings__Shop"] = ConnectionString(n),
            ["ConnectionStrings__ShopPasswordFile"] = Path.Combine(folder, "app-password"),
        },
        Ready = new($"http://{SiteAddresses.Host(Tiers.App, n)}:{addresses.App}/readyz"),
        Metrics = new($"http://{SiteAddresses.Host(Tiers.App, n)}:{addresses.App}/metrics"),
    });

    public IEnumerable<RolePlan> Webs(string nginx) => _both.Select(n => Web(nginx, n, SiteAddresses.Host(Tiers.Web, n)));

    public IEnumerable<RolePlan> Fronts() => _both.Select(n => DbProxy(Tiers.Front, n, SharedFiles.Front, addresses.Https, new()
    {
        ["DBPROXY_FRONTENDS__0__LISTEN__0"] = $"{SiteAddresses.Host(Tiers.Front, n)}:{addresses.Http}",
        ["DBPROXY_FRONTENDS__0__HTTP__HTTPSREDIRECTPORT"] = $"{addresses.Https}",
        ["DBPROXY_FRONTENDS__1__LISTEN__0"] = $"{SiteAddresses.Host(Tiers.Front, n)}:{addresses.Https}",
        ["DBPROXY_FRONTENDS__1__TLS__CERTIFICATES__0__CERTIFICATEFILE"] = CertificatePath,
        ["DBPROXY_FRONTENDS__1__TLS__CERTIFICATES__0__KEYFILE"] = KeyPath,
        ["DBPROXY_FRONTENDS__1__HTTP__REQUESTHEADERS__0__VALUE"] = $"{Tiers.Front}{n}",
        ["DBPROXY_BACKENDS__0__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Web, 1)}:{addresses.Web}",
        ["DBPROXY_BACKENDS__0__SERVERS__1__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Web, 2)}:{addresses.Web}",
        ["DBPROXY_BACKENDS__2__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Front, 1)}:{addresses.Admin}",
        ["DBPROXY_BACKENDS__3__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Front, 2)}:{addresses.Admin}",
        ["DBPROXY_BACKENDS__4__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.DatabaseFront, 1)}:{addresses.Admin}",
        ["DBPROXY_BACKENDS__5__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.DatabaseFront, 2)}:{addresses.Admin}",
        ["DBPROXY_BACKENDS__6__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Proxy, 1)}:{addresses.Admin}",
        ["DBPROXY_BACKENDS__7__SERVERS__0__ADDRESS"] = $"{SiteAddresses.Host(Tiers.Proxy, 2)}:{addresses.Admin}",
    }));

    public RolePlan Prometheus(string program, IEnumerable<ISiteMember> members) => new()
    {
        Name = "prometheus",
        Tier = Tiers.Monitoring,
        Address = $"http://127.0.0.1:{addresses.Monitoring}",
        Command = new(program, [
            $"--config.file={MonitoringFiles.Write(Path.Combine(folder, "prometheus"), members)}",
            $"--storage.tsdb.path={Path.Combine(folder, "prometheus", "data")}",
            $"--web.listen-address=127.0.0.1:{addresses.Monitoring}",
        ]),
        Ready = new($"http://127.0.0.1:{addresses.Monitoring}/-/ready"),
    };

    /// <summary>An ordinary one. Both hosts are in it in the place of one address that two hosts share.</summary>
    private string ConnectionString(int n)
    {
        int[] order = n == 1 ? [1, 2] : [2, 1];
        var hosts = string.Join(',', order.Select(f => SiteAddresses.Host(Tiers.DatabaseFront, f)));
        return $"Server={hosts};Port={addresses.Database};User ID={cluster.App.User};Database={cluster.App.User};SslMode=Required;LoadBalance=FailOver";
    }

    private RolePlan Web(string nginx, int n, string host)
    {
        var own = Path.Combine(folder, $"{Tiers.Web}{n}");
        var main = WebFiles.Write(own, $"{Tiers.Web}{n}", host, addresses, Programs.SampleWebRoot);
        return new()
        {
            Name = $"{Tiers.Web}{n}",
            Tier = Tiers.Web,
            Address = $"http://{host}:{addresses.Web}",
            Command = new(nginx, ["-p", own, "-c", main, "-e", "stderr"]),
            Ready = new($"http://{host}:{addresses.Web}/web/healthz"),
            StopSignal = QuitSignal,
        };
    }

    private RolePlan DbProxy(string tier, int n, string file, int port, Dictionary<string, string> environment)
    {
        var host = SiteAddresses.Host(tier, n);
        environment["DBPROXY_ADMIN__LISTEN"] = $"{host}:{addresses.Admin}";
        environment["DBPROXY_ADMIN__PASSWORDFILE"] = OperatorPath;
        return new()
        {
            Name = $"{tier}{n}",
            Tier = tier,
            Address = tier == Tiers.Front ? $"https://{host}:{port}" : $"{host}:{port}",
            Command = Programs.Self("run", "--config", Path.Combine(folder, Path.GetFileName(file))),
            Environment = environment,
            Ready = new($"http://{host}:{addresses.Admin}/readyz"),
            Metrics = new($"http://{host}:{addresses.Admin}/metrics"),
        };
    }
}
