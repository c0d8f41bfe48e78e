using System.Net.Sockets;
using DbProxy.Admin;
using DbProxy.Core;
using DbProxy.Core.Configuration;
using DbProxy.LoadBalancer;
using DbProxy.Transport;
using Microsoft.Extensions.Hosting.Systemd;

namespace DbProxy.Hosting;

/// <summary>
/// Takes over from a process that runs, and lets one that comes later take over. Started before all that listens, and serves
/// when all of it does.
/// </summary>
internal sealed partial class TakeoverService(
    ConfigStore store, ListenSockets sockets, IServiceProvider services, IHostApplicationLifetime lifetime, ILogger<TakeoverService> logger) : IHostedService
{
    // Who was accepted last must have come to its first request or statement before idle connections are ended.
    private static readonly TimeSpan _settle = TimeSpan.FromSeconds(3);

    private ListenSocket? _listening;
    private SocketAcceptor? _acceptor;
    private Handover? _former;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        if (store.Current.TakeoverSocket is not { } file) return Task.CompletedTask;
        _former = Handover.Ask(file, sockets);
        lifetime.ApplicationStarted.Register(() => Begin(file));
        return Task.CompletedTask;
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        if (_acceptor is not null) await _acceptor.DisposeAsync();
    }

    private void Begin(string file)
    {
        if (_former is not null)
        {
            if (_former.Finish()) LogTookOver(file);
            _former.Dispose();
            services.GetService<ISystemdNotifier>()?.Notify(new ServiceState($"MAINPID={Environment.ProcessId}"));
        }
        sockets.KeepReceived();
        try
        {
            _listening = sockets.Listen(new UnixDomainSocketEndPoint(file), this, () => Bind(file));
            _acceptor = new(_listening, static (_, _) => { });
            _acceptor.Start(peer => _ = Task.Run(() => ServeAsync(peer)));
        }
        catch (Exception e) when (e is SocketException or IOException or UnauthorizedAccessException)
        {
            LogNoTakeover(file, e.Message);
        }
    }

    /// <summary>In place of the former process's file, which leads to a socket that nobody accepts on.</summary>
    private static Socket Bind(string file)
    {
        var fresh = $"{file}.{Environment.ProcessId}";
        File.Delete(fresh);
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(fresh));
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(fresh, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        File.Move(fresh, file, overwrite: true);
        return socket;
    }

    private async Task ServeAsync(Socket peer)
    {
        using var handover = new Handover(peer);
        if (sockets.IsHandedOver || !handover.Serve(sockets)) return;
        sockets.HandOver();
        LogTakenOver();
        await services.GetRequiredService<AdminService>().StopAsync(CancellationToken.None);
        await services.GetRequiredService<Balancer>().StopAcceptingAsync();
        if (services.GetService<ProxyServer>() is { } proxy) await proxy.StopAcceptingAsync();
        handover.Confirm();
        // Busy connections go with an answer, and don't meet their end on the way to the next request.
        services.GetRequiredService<Balancer>().LeaveRotation();
        await Task.Delay(_settle);
        lifetime.StopApplication();
    }

    [LoggerMessage(1020, LogLevel.Information, "Took over from the process at {File}")]
    private partial void LogTookOver(string file);

    [LoggerMessage(1021, LogLevel.Information, "Another process has taken over; this one drains and ends")]
    private partial void LogTakenOver();

    [LoggerMessage(1022, LogLevel.Error, "No process can take over at {File}: {Why}")]
    private partial void LogNoTakeover(string file, string why);
}
