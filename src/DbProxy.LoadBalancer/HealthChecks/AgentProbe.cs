using System.Globalization;
using System.Net.Sockets;
using System.Text;
using DbProxy.LoadBalancer.Backends;
using DbProxy.LoadBalancer.Servers;

namespace DbProxy.LoadBalancer.HealthChecks;

/// <summary>
/// Reads one line from an agent beside the server, in the words of HAProxy's agent-check: <c>up</c>, <c>down</c>,
/// <c>fail</c>, <c>stopped</c>, <c>ready</c>, <c>drain</c>, <c>maint</c>, a weight such as <c>75%</c> and a limit such as
/// <c>maxconn:30</c>; several are separated by spaces or commas.
/// </summary>
internal sealed class AgentProbe(AgentCheckConfig config) : IHealthProbe
{
    // HAProxy's agents answer with a few words; more is no agent.
    private const int MaxLine = 1024;
    private const string Limit = "maxconn:";

    public async Task<CheckResult> CheckAsync(ServerConfig server, CancellationToken timeout)
    {
        var dial = new ServerDial(config.Host ?? server.Host, config.Port == 0 ? server.Port : config.Port, null, null);
        using var socket = await dial.OpenSocketAsync(timeout);
        if (config.Send.Length > 0)
            await socket.SendAsync(Encoding.UTF8.GetBytes(config.Send.Replace("{server}", server.Name, StringComparison.Ordinal)), timeout);
        var buffer = new byte[MaxLine];
        var length = 0;
        while (length < buffer.Length && !buffer.AsSpan(0, length).Contains((byte)'\n'))
        {
            var received = await socket.ReceiveAsync(buffer.AsMemory(length), SocketFlags.None, timeout);
            if (received == 0)
                break;
            length += received;
        }
        var end = buffer.AsSpan(0, length).IndexOf((byte)'\n');
        return Parse(Encoding.ASCII.GetString(buffer, 0, end < 0 ? length : end));
    }

    internal static CheckResult Parse(string line)
    {
        var result = new CheckResult(true, $"agent: {line.Trim()}");
        var known = false;
        foreach (var word in line.Split([' ', ',', '\t', '\r'], StringSplitOptions.RemoveEmptyEntries))
        {
            // Behind # stands text for people.
            if (word[0] == '#')
                break;
            known = true;
            switch (word.ToLowerInvariant())
            {
                case "up":
                    result = result with { IsGood = true, AgentUp = true };
                    break;
                case "ready":
                    result = result with { Admin = AdminState.Ready };
                    break;
                case "drain":
                    result = result with { Admin = AdminState.Drain };
                    break;
                case "maint":
                    result = result with { Admin = AdminState.Maint };
                    break;
                case "down" or "fail" or "failed" or "stopped":
                    result = result with { IsGood = false, AgentUp = false };
                    break;
                case var w when w.EndsWith('%') && int.TryParse(w[..^1], NumberStyles.None, CultureInfo.InvariantCulture, out var weight) && weight <= 100:
                    result = result with { Weight = weight };
                    break;
                case var w when w.StartsWith(Limit, StringComparison.Ordinal) && int.TryParse(w[Limit.Length..], NumberStyles.None, CultureInfo.InvariantCulture, out var most):
                    result = result with { MaxConnections = most };
                    break;
                default:
                    return new(false, $"agent: \"{word}\" is not understood");
            }
        }
        return known ? result : new(false, "agent: no answer");
    }
}
