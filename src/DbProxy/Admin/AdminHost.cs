using System.Net;
using DbProxy.Admin.Access;
using DbProxy.Admin.Api;
using DbProxy.Admin.Api.Reports;
using DbProxy.Admin.Metrics;
using DbProxy.Admin.Page;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer.Certificates;
using DbProxy.Transport;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Server.Kestrel.Transport.Sockets;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace DbProxy.Admin;

/// <summary>The web application behind the operators' listener: who may → what is there.</summary>
internal sealed class AdminHost
{
    private readonly WebApplication _application;
    private HeldListeners? _held;
    private readonly FrontendTlsStore? _certificates;
    private readonly AdminAccess _access;
    private readonly Reporter _reporter;
    private readonly CancellationTokenSource _stopping = new();
    private Task _sampling = Task.CompletedTask;
    private readonly AdminConfig _config;
    private readonly ILogger _logger;

    public AdminHost(AdminContext context, AdminConfig config, ILoggerFactory loggers, ListenSockets sockets)
    {
        (_config, _logger) = (config, loggers.CreateLogger<AdminService>());
        _certificates = config.Tls is { } tls ? new(tls, "admin", TimeProvider.System) : null;
        _access = new(context.Config, _logger);
        _reporter = new(context, TimeProvider.System);
        var builder = WebApplication.CreateEmptyBuilder(new());
        builder.Services.AddSingleton(loggers);
        builder.Services.AddRoutingCore();
        RuntimeApi.AddServices(builder.Services);
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(options => AdminListener.Apply(options, config, _certificates));
        // The process's own socket, which another process may take over.
        builder.Services.Configure<SocketTransportOptions>(options => options.CreateBoundListenSocket = endPoint =>
            endPoint is IPEndPoint address ? sockets.Lend(address) : SocketTransportOptions.CreateDefaultBoundListenSocket(endPoint));
        builder.Services.RemoveAll<IConnectionListenerFactory>();
        builder.Services.AddSingleton<IConnectionListenerFactory>(s => _held = new(ActivatorUtilities.CreateInstance<SocketTransportFactory>(s)));
        _application = builder.Build();
        _application.Use(SecurityHeaders.Apply);
        _application.Use(new Problems(_logger).SurroundAsync);
        _application.Use(_access.AdmitAsync);
        HealthPages.Map(_application, context);
        MetricsPage.Map(_application, context);
        StatisticsPage.Map(_application);
        RuntimeApi.Map(_application, context, _reporter);
    }

    /// <summary>Where it listens, once it does.</summary>
    public Uri? Address { get; private set; }

    /// <summary>Opens its address; see <see cref="Accept"/>.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _application.StartAsync(cancellationToken);
        _certificates?.Watch(_logger, TimeProvider.System);
        _sampling = _reporter.Rates.RunAsync(_stopping.Token);
        Address = new(_application.Urls.First().Replace("[::]", "localhost", StringComparison.Ordinal));
    }

    /// <summary>Accepts requests from now on.</summary>
    public void Accept()
    {
        _held!.Open();
        AdminLog.Listening(_logger, Address!);
        if (_config is { Password: not null, Tls: null } && !AdminListener.IsLocal(_config.Listen!.Value))
            AdminLog.PasswordInClear(_logger);
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await _sampling;
        await _application.StopAsync(cancellationToken);
        await _application.DisposeAsync();
        _access.Dispose();
        _certificates?.Dispose();
        _stopping.Dispose();
    }
}
