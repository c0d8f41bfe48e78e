using DbProxy.Core.Configuration;
using DbProxy.Tests.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Xunit;

namespace DbProxy.Tests.Commands;

public sealed class CommandTests : IDisposable
{
    private static readonly string[] _valid = ["--server", "a:1", "--monitor-user", "m", "--admin", "none"];
    private readonly ConfigText _text = new();

    public void Dispose() => _text.Dispose();

    [Fact]
    public async Task Check_of_a_valid_file_is_0_and_says_what_it_read()
    {
        var file = _text.File("good.json", ConfigText.Minimal);
        var (code, output, error) = await CommandLine.RunAsync(null, "check", file);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal($"{file}: valid; listens on 127.0.0.1:6033, servers db1:3306{Environment.NewLine}", output);
    }

    [Fact]
    public async Task Check_of_a_front_end_alone_names_its_frontends()
    {
        var file = _text.File("web.json", """
            { "Frontends": [ { "Name": "web", "Mode": "Http", "Listen": [ "127.0.0.1:80", "[::1]:80" ], "Backend": "app" }, { "Name": "raw", "Listen": [ ":81" ], "Backend": "app" } ],
              "Backends": [ { "Name": "app", "Servers": [ { "Address": "a:1" } ] } ] }
            """);
        var (code, output, _) = await CommandLine.RunAsync(null, "check", file);
        Assert.Equal((0, $"{file}: valid; frontend web on 127.0.0.1:80, [::1]:80; frontend raw on [::]:81{Environment.NewLine}"), (code, output));
    }

    [Fact]
    public async Task Balance_without_a_server_names_the_flag()
    {
        var (code, _, error) = await CommandLine.RunAsync(_ => Assert.Fail("the host was built"), "balance", "--http", ":0");
        Assert.Equal((2, $"--server: no server given; add one such as --server 10.0.0.1:80{Environment.NewLine}"), (code, error));
    }

    [Fact]
    public async Task Check_of_a_wrong_file_is_2_and_one_line_a_mistake()
    {
        var file = _text.File("bad.json", ConfigText.With("\"Pool\": { \"MaxAge\": 1, \"X\": 1 }"));
        var (code, output, error) = await CommandLine.RunAsync(null, "check", file);
        Assert.Equal((2, ""), (code, output));
        Assert.Equal([$"{file}(2,23) Pool.MaxAge: 1 has no unit; write \"1s\" or \"1ms\"",
            $"{file}(2,26) Pool.X: unknown key; known here: MaxConnections, MaxIdle, IdleTimeout, MaxAge, ConnectTimeout, AcquireTimeout, PreparedStatements, HoldTimeout"],
            error.Split(Environment.NewLine, StringSplitOptions.RemoveEmptyEntries));
    }

    [Fact]
    public async Task The_example_in_the_repository_is_valid()
    {
        var example = Path.Combine(ReferenceFreshnessTests.FindRoot(), "config", "dbproxy.json");
        var loaded = _text.Load(File.ReadAllText(example), new() { ["DBPROXY_MONITOR_PASSWORD"] = "x" });
        Assert.Empty(loaded.Mistakes);
        Assert.Equal(2, loaded.RequireConfig().Servers.Length);
        await Task.CompletedTask;
    }

    [Fact]
    public async Task Schema_prints_the_committed_schema()
    {
        var (code, output, _) = await CommandLine.RunAsync(null, "schema");
        Assert.Equal(0, code);
        Assert.Equal(File.ReadAllText(Path.Combine(ReferenceFreshnessTests.FindRoot(), "config", "dbproxy.schema.json")), output);
    }

    [Fact]
    public async Task Run_with_a_wrong_configuration_is_2_and_starts_nothing()
    {
        var (code, _, error) = await CommandLine.RunAsync(
            _ => Assert.Fail("the host was built"), "run", "--config", _text.File("bad.json", "{ \"Servers\": 1 }"));
        Assert.Equal(2, code);
        Assert.Contains("bad.json(1,14) Servers: must be a list: [ … ]", error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("run", "--monitor-password", "hunter2")]
    [InlineData("run", "--sever", "a:1")]
    [InlineData("chekc", "x")]
    public async Task A_wrong_command_line_is_2(params string[] args)
    {
        var (code, output, error) = await CommandLine.RunAsync(null, args);
        Assert.Equal((2, ""), (code, output));
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_password_on_the_command_line_is_refused_and_not_repeated()
    {
        var (_, _, error) = await CommandLine.RunAsync(null, "run", "--monitor-password", "hunter2");
        Assert.Contains("DBPROXY_MONITOR_PASSWORD", error, StringComparison.Ordinal);
        Assert.DoesNotContain("hunter2", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Help_has_an_example()
    {
        var (code, output, _) = await CommandLine.RunAsync(null, "run", "--help");
        Assert.Equal(0, code);
        Assert.Contains("dbproxy run --listen 127.0.0.1:6033", output, StringComparison.Ordinal);
        Assert.DoesNotContain("--monitor-password ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Run_hands_the_configuration_to_the_services_and_ends_with_0_when_stopped()
    {
        ProxyConfig? seen = null;
        var (code, _, error) = await CommandLine.RunAsync(
            services => services.AddHostedService(s => new Service(() =>
            {
                seen = s.GetRequiredService<ConfigStore>().Current;
                s.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            })),
            ["run", "--monitor-password-file", _text.File("secret", "p"), "--log-level", "critical", .. _valid]);
        Assert.Equal((0, ""), (code, error));
        Assert.Equal(("a:1", "p"), (seen!.Servers[0].Name, seen.Monitor.Password.Reveal()));
    }

    [Theory]
    [InlineData("--http", false)]
    [InlineData("--https", true)]
    public async Task Balance_makes_a_frontend_of_each_kind_of_address(string kind, bool isTls)
    {
        ProxyConfig? seen = null;
        var (code, _, error) = await CommandLine.RunAsync(
            services => services.AddHostedService(s => new Service(() =>
            {
                seen = s.GetRequiredService<ConfigStore>().Current;
                s.GetRequiredService<IHostApplicationLifetime>().StopApplication();
            })),
            "balance", kind, "127.0.0.1:8080", "--tcp", "127.0.0.1:8081", "--server", "127.0.0.1:1");
        Assert.Equal((0, ""), (code, error));
        Assert.Equal([("tcp", false), (kind[2..], isTls)], seen!.FrontEnd.Frontends.Select(f => (f.Name, f.Tls is not null)));
        // Without a file a certificate is made.
        Assert.Empty(seen.FrontEnd.Frontends[1].Tls?.Certificates ?? []);
    }

    [Fact]
    public async Task A_service_that_fails_to_start_or_to_run_is_1_with_its_reason()
    {
        string[] args = ["run", "--monitor-password-file", _text.File("secret", "p"), "--log-level", "none", .. _valid];
        var start = await CommandLine.RunAsync(s => s.AddHostedService(_ => new Service(null)), args);
        Assert.Equal((1, $"dbproxy: no start{Environment.NewLine}"), (start.Code, start.Error));
        var run = await CommandLine.RunAsync(
            s => s.AddHostedService(_ => new Service(() => throw new InvalidOperationException("broke"))), args);
        Assert.Equal((1, $"dbproxy: broke{Environment.NewLine}"), (run.Code, run.Error));
    }

    private sealed class Service(Action? run) : BackgroundService
    {
        public override Task StartAsync(CancellationToken cancellationToken) =>
            run is null ? throw new InvalidOperationException("no start") : base.StartAsync(cancellationToken);

        protected override async Task ExecuteAsync(CancellationToken stoppingToken)
        {
            await Task.Yield();
            run!();
        }
    }
}
