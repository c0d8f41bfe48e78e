using System.Reflection;
using DbProxy.Admin.Api.Models;

namespace DbProxy.Admin.Api.Reports;

internal sealed partial class Reporter
{
    private static readonly string Version = typeof(Reporter).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "";

    /// <summary>The process.</summary>
    public ProcessInfo Process()
    {
        using var process = System.Diagnostics.Process.GetCurrentProcess();
        DateTimeOffset started = process.StartTime.ToUniversalTime();
        return new(
            Version, process.Id, Environment.MachineName, started, Math.Round((_time.GetUtcNow() - started).TotalSeconds, 1), _tally.Since,
            _context is not ({ Proxy.IsReady: false } or { Balancer.IsReady: false }),
            Math.Round(process.TotalProcessorTime.TotalSeconds, 2), Math.Round(Rates.Of(_context, CpuMilliseconds).Now / 10, 1),
            process.WorkingSet64, process.Threads.Count);
    }
}
