using System.CommandLine;
using System.Globalization;
using DbProxy.Core.Configuration;
using DbProxy.Core.Configuration.Loading;
using DbProxy.Core.Configuration.Validation;
using DbProxy.Hosting;
using DbProxy.LoadBalancer.Frontends;

namespace DbProxy.Commands;

/// <summary><c>dbproxy balance</c>: one frontend and one backend from flags, for a start in one line.</summary>
internal static class BalanceCommand
{
    private const string Backend = "servers";

    private const string Notes = """
        Servers are checked by opening a connection every 2 s. What flags can't say stands in a
        configuration file with Frontends and Backends: dbproxy run --config FILE.

        Examples:
          dbproxy balance --http :8080 --server 10.0.0.1:80 --server 10.0.0.2:80 --balance leastconn
          dbproxy balance --tcp :3306 --server 10.0.0.1:6033 --server 10.0.0.2:6033,backup --balance leastconn
        """;

    public static Command Create(Action<IServiceCollection, ProxyConfig> register)
    {
        var tcp = new Option<string[]>("--tcp") { HelpName = "host:port", Description = "Address for clients of any TCP protocol; repeatable." };
        var http = new Option<string[]>("--http") { HelpName = "host:port", Description = "Address for HTTP clients; repeatable." };
        var https = new Option<string[]>("--https")
        {
            HelpName = "host:port", Description = "The same with TLS, by a self-signed certificate if there is no --certificate; repeatable.",
        };
        var certificate = new Option<string[]>("--certificate") { HelpName = "file", Description = "PEM file with a certificate, its chain and its key for --https; repeatable." };
        var servers = new Option<string[]>("--server")
        {
            HelpName = "host:port[,weight=N][,maxconn=N][,name=x][,backup]", Description = "A server; repeatable.",
        };
        var balance = new Option<string>("--balance")
        {
            HelpName = "policy", Description = "roundrobin, leastconn, source, p2c, random or first.", DefaultValueFactory = _ => "roundrobin",
        };
        var admin = new Option<string>("--admin")
        {
            HelpName = "host:port", Description = "Address for metrics, statistics page and runtime API, or \"none\". Actions there need DBPROXY_ADMIN_PASSWORD.", DefaultValueFactory = _ => "none",
        };
        var command = new Command("balance", "Balance HTTP or any TCP protocol over servers until told to stop.");
        foreach (var option in (Option[])[tcp, http, https, certificate, servers, balance, admin])
            command.Options.Add(option);
        HelpText.Append(command, Notes);
        command.SetAction(async (parsed, stopping) =>
        {
            var mistakes = new MistakeList();
            FrontendOptions[] frontends =
            [
                .. Frontend("tcp", FrontendMode.Tcp, parsed.GetValue(tcp)), .. Frontend("http", FrontendMode.Http, parsed.GetValue(http)),
                .. Frontend("https", FrontendMode.Http, parsed.GetValue(https), parsed.GetValue(certificate) ?? []),
            ];
            var options = Options(frontends, parsed.GetValue(servers) ?? [], parsed.GetValue(balance)!, mistakes);
            if (!mistakes.IsEmpty)
                return Mistakes.Report(mistakes.All, parsed.InvocationConfiguration.Error);
            options.Admin.Listen = parsed.GetValue(admin);
            options.Admin.Password = Environment.GetEnvironmentVariable(EnvironmentOverlay.AdminPassword);
            var built = ConfigBuilder.Build(options, mistakes, Environment.GetEnvironmentVariable);
            if (built.Config is null)
                return Mistakes.Report(built.Mistakes, parsed.InvocationConfiguration.Error);
            using var host = HostFactory.Create(new ConfigStore(built.Config), register);
            return await HostRunner.RunAsync(host, parsed.InvocationConfiguration.Error, stopping);
        });
        return command;
    }

    private static ProxyOptions Options(FrontendOptions[] frontends, string[] servers, string balance, MistakeList mistakes)
    {
        var backend = new BackendOptions { Name = Backend, Servers = [.. servers.Select(s => Server(s, mistakes))] };
        if (OptionTypes.TryParse(typeof(FrontEndBalance), balance, out var policy, out var error))
            backend.Balance = (FrontEndBalance)policy!;
        else
            mistakes.Add("--balance", error);
        if (frontends.Length == 0)
            mistakes.Add("--tcp, --http, --https", "no address to listen on; add one such as --http :8080");
        if (servers.Length == 0)
            mistakes.Add("--server", "no server given; add one such as --server 10.0.0.1:80");
        return new() { Frontends = [.. frontends], Backends = [backend] };
    }

    /// <param name="name">Its name.</param>
    /// <param name="mode">Its mode.</param>
    /// <param name="listen">Its addresses; where there is none, there is no frontend.</param>
    /// <param name="certificates">The certificates; null: no TLS.</param>
    private static IEnumerable<FrontendOptions> Frontend(string name, FrontendMode mode, string[]? listen, string[]? certificates = null) => listen is null or [] ? [] :
    [
        new()
        {
            Name = name, Mode = mode, Backend = Backend, Listen = [.. listen],
            Tls = new() { Enabled = certificates is not null, Certificates = [.. (certificates ?? []).Select(c => new CertificateOptions { CertificateFile = c })] },
        },
    ];

    private static BackendServerOptions Server(string text, MistakeList mistakes)
    {
        var parts = text.Split(',', StringSplitOptions.TrimEntries);
        var server = new BackendServerOptions { Address = parts[0] };
        foreach (var part in parts.Skip(1))
        {
            var (key, value) = part.Split('=', 2) is [var k, var v] ? (k, v) : (part, "");
            var isNumber = int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out var number);
            switch (key)
            {
                case "backup" when value.Length == 0: server.Backup = true; break;
                case "name" when value.Length > 0: server.Name = value; break;
                case "weight" when isNumber: server.Weight = number; break;
                case "maxconn" when isNumber: server.MaxConnections = number; break;
                default:
                    mistakes.Add($"--server {text}", $"\"{part}\" is not understood; write host:port[,weight=N][,maxconn=N][,name=x][,backup]");
                    break;
            }
        }
        return server;
    }
}
