using System.Diagnostics;

namespace DbProxy.Demo;

/// <summary>Says what takes long while nothing can be shown yet, and every few seconds that it still does.</summary>
internal sealed class Progress(TextWriter output)
{
    private static readonly TimeSpan _reminder = TimeSpan.FromSeconds(5);
    private volatile string _step = "";
    private long _since;

    public void Say(string step)
    {
        (_step, _since) = (step, Stopwatch.GetTimestamp());
        output.WriteLine(step);
    }

    /// <summary>Waits for the work and repeats its current step meanwhile.</summary>
    public async Task<T> WhileAsync<T>(Task<T> work)
    {
        while (await Task.WhenAny(work, Task.Delay(_reminder)) != work)
        {
            var elapsed = Stopwatch.GetElapsedTime(Volatile.Read(ref _since));
            if (elapsed >= _reminder)
            {
                await output.WriteLineAsync($"  … {elapsed.TotalSeconds:0} s: {_step}");
            }
        }

        return await work;
    }
}
