using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;

namespace DbProxy.Demo.Site.Members;

/// <summary>A process of the site that dies with this one.</summary>
internal sealed class RoleProcess(RolePlan plan, string logPath, HttpClient probe) : ISiteMember, IDisposable
{
    // For slow and busy machines: only a defect takes as long.
    private static readonly TimeSpan _startLimit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan _stopLimit = TimeSpan.FromSeconds(40);
    private static readonly TimeSpan _killLimit = TimeSpan.FromSeconds(20);

    private SupervisedProcess? _process;
    private bool _isPaused;

    public string Name => plan.Name;

    public string Tier => plan.Tier;

    public string Address => plan.Address;

    public Uri? Metrics => plan.Metrics;

    public MemberState State =>
        _process is not { HasExited: false } ? MemberState.Stopped : _isPaused ? MemberState.Paused : MemberState.Running;

    public async Task StartAsync(CancellationToken cancel)
    {
        if (State != MemberState.Stopped)
            return;
        _process?.Dispose();
        _isPaused = false;
        _process = await SupervisedProcess.StartAsync(Command(), logPath, container: null);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(_startLimit);
        while (!await IsReadyAsync(limit.Token))
        {
            cancel.ThrowIfCancellationRequested();
            if (_process.HasExited || limit.IsCancellationRequested)
                throw new SiteException($"{Name} {(_process.HasExited ? "ended at its start" : $"was not ready within {_startLimit.TotalSeconds:0} s")}. Its log:\n{LogTail()}");
            await Task.Delay(50, cancel);
        }
    }

    public async Task StopAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        Resume();
        process.Signal(plan.StopSignal);
        if (!await process.WaitForExitAsync(_stopLimit))
            await KillAsync();
    }

    public async Task KillAsync()
    {
        if (_process is not { HasExited: false } process)
            return;
        process.Signal(Signals.Kill);
        if (!await process.WaitForExitAsync(_killLimit))
            throw new SiteException($"{Name} (process {process.ProcessId}) survived SIGKILL for {_killLimit.TotalSeconds:0} s.");
    }

    public void Pause()
    {
        _isPaused = true;
        _process?.Signal(Signals.Stop);
    }

    public void Resume()
    {
        _isPaused = false;
        _process?.Signal(Signals.Continue);
    }

    public void Dispose() => _process?.Dispose();

    // What this program sets for itself (see its Main) must not reach others: it demands code that never blocks.
    private ProgramCommand Command() =>
        new("/usr/bin/env", ["-u", "DOTNET_SYSTEM_NET_SOCKETS_INLINE_COMPLETIONS", .. plan.Environment.Select(v => $"{v.Key}={v.Value}"), plan.Command.FileName, .. plan.Command.Arguments]);

    private async Task<bool> IsReadyAsync(CancellationToken cancel)
    {
        try
        {
            using var answer = await probe.GetAsync(plan.Ready, cancel);
            return answer.IsSuccessStatusCode;
        }
        catch (Exception e) when (e is HttpRequestException or OperationCanceledException)
        {
            return false;
        }
    }

    private string LogTail() => File.Exists(logPath) ? string.Join('\n', File.ReadLines(logPath).TakeLast(15)) : "(no log)";
}
