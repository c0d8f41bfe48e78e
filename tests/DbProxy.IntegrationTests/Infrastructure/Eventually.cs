using System.Diagnostics;
using Xunit;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>Waits for what happens in its own time, with a limit that only a defect reaches.</summary>
internal static class Eventually
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    public static Task IsTrueAsync(Func<bool> condition, string what) => IsTrueAsync(condition, () => what);

    public static Task IsTrueAsync(Func<bool> condition, Func<string> what) =>
        IsTrueAsync(() => Task.FromResult(condition()), what);

    public static async Task IsTrueAsync(Func<Task<bool>> condition, Func<string> what)
    {
        var started = Stopwatch.GetTimestamp();
        while (!await condition())
        {
            Assert.True(Stopwatch.GetElapsedTime(started) < Limit, $"After {Limit.TotalSeconds:0} s still not: {what()}");
            await Task.Delay(10, TestContext.Current.CancellationToken);
        }
    }
}
