using System.Diagnostics;
using System.Globalization;
using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;
using Xunit;

namespace DbProxy.Tests.LocalCluster;

public sealed class SupervisedProcessTests
{
    private static readonly ProgramCommand _sleep = new("sleep", ["1000"]);

    [Fact]
    public async Task TheChildDiesWhenItsOwnersPipeEnds()
    {
        // Closing the pipe is what the kernel does for an owner that was killed.
        using var shell = Process.Start(SupervisedProcess.StartInfo(_sleep, "/dev/null", null))!;
        var child = int.Parse((await shell.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken))!, CultureInfo.InvariantCulture);
        Assert.True(Directory.Exists($"/proc/{child}"));

        shell.StandardInput.Close();

        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(20));
        await shell.WaitForExitAsync(limit.Token);
        Assert.False(Directory.Exists($"/proc/{child}"));
    }

    [Fact]
    public async Task SignalsReachTheChildItself()
    {
        using var process = await SupervisedProcess.StartAsync(_sleep, "/dev/null", null);

        process.Signal(Signals.Stop);
        Assert.False(await process.WaitForExitAsync(TimeSpan.FromMilliseconds(50)));
        process.Signal(Signals.Kill);

        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(20)));
        Assert.True(process.HasExited);
    }

    [Fact]
    public async Task AChildThatEndsByItselfIsNoticed()
    {
        using var process = await SupervisedProcess.StartAsync(new("true", []), "/dev/null", null);

        Assert.True(await process.WaitForExitAsync(TimeSpan.FromSeconds(20)));
    }
}
