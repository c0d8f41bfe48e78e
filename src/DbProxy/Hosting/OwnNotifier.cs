using DbProxy.Transport;
using Microsoft.Extensions.Hosting.Systemd;

namespace DbProxy.Hosting;

/// <summary>
/// Tells systemd nothing any more once another process has taken over: that this one stops would be taken for the service's
/// end, and the new process would be stopped with it.
/// </summary>
internal sealed class OwnNotifier(ListenSockets sockets) : ISystemdNotifier
{
    private readonly SystemdNotifier _systemd = new();

    public bool IsEnabled => _systemd.IsEnabled;

    public void Notify(ServiceState state)
    {
        if (!sockets.IsHandedOver) _systemd.Notify(state);
    }
}
