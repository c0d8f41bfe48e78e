namespace DbProxy.Admin.Api.Models;

/// <summary>The process.</summary>
/// <param name="Version">The program's version.</param>
/// <param name="Pid">Its process id.</param>
/// <param name="Host">The machine's name.</param>
/// <param name="Started">Since when it runs.</param>
/// <param name="UptimeSeconds">For how long.</param>
/// <param name="CountersSince">Since when counters count: the start, or the last reset.</param>
/// <param name="IsReady">Whether it serves clients; false while it starts and drains.</param>
/// <param name="CpuSeconds">CPU time used.</param>
/// <param name="CpuPercent">CPU time used in the last second, in per cent of one core.</param>
/// <param name="MemoryBytes">Memory in use (resident).</param>
/// <param name="Threads">Its threads.</param>
internal sealed record ProcessInfo(
    string Version, int Pid, string Host, DateTimeOffset Started, double UptimeSeconds, DateTimeOffset CountersSince, bool IsReady, double CpuSeconds,
    double CpuPercent, long MemoryBytes, int Threads);
