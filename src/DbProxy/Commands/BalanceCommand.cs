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
        foreach (var option in (Option[])[tcp, http, servers, balance, admin])
            command.Options.Add(option);
        HelpText.Append(command, Notes);
        command.SetAction(async (parsed, stopping) =>
        {
            var mistakes = new MistakeList();
            var options = Options(parsed.GetValue(tcp) ?? [], parsed.GetValue(http) ?? [], parsed.GetValue(servers) ?? [], parsed.GetValue(balance)!, mistakes);
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

    private static ProxyOptions Options(string[] tcp, string[] http, string[] servers, string balance, MistakeList mistakes)
    {
        var backend = new BackendOptions { Name = "servers", Servers = [.. servers.Select(s => Server(s, mistakes))] };
        if (OptionTypes.TryParse(typeof(FrontEndBalance), balance, out var policy, out var error))
            backend.Balance = (FrontEndBalance)policy!;
        else
            mistakes.Add("--balance", error);
        if (tcp.Length + http.Length == 0)
            mistakes.Add("--tcp, --http", "no address to listen on; add one such as --http :8080");
        return new()
        {
            Frontends = [.. Frontend("tcp", FrontendMode.Tcp, tcp), .. Frontend("http", FrontendMode.Http, http)],
            Backends = [backend],
        };

        IEnumerable<FrontendOptions> Frontend(string name, FrontendMode mode, string[] listen) =>
            listen.Length == 0 ? [] : [new() { Name = name, Mode = mode, Backend = backend.Name, Listen = [.. listen] }];
    }

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
