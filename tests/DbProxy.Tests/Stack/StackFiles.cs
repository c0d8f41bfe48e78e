using DbProxy.LocalCluster;
using DbProxy.LocalCluster.Processes;
using DbProxy.Tests.Configuration;
using Xunit;

namespace DbProxy.Tests.Stack;

/// <summary>The files of the compose stack and of deploy/, and the programs that judge them.</summary>
internal static class StackFiles
{
    public static string Root { get; } = ReferenceFreshnessTests.FindRoot();

    public static string Read(params string[] path) => File.ReadAllText(Path.Combine([Root, .. path]));

    /// <summary>Runs a program in the source tree; skips the test where it is not installed.</summary>
    public static async Task<ProgramResult> RunAsync(string program, string package, params string[] arguments)
    {
        var result = await ProgramRunner.RunAsync(new(program, arguments), TimeSpan.FromMinutes(2), TestContext.Current.CancellationToken, folder: Root);
        Assert.SkipWhen(result.ExitCode == 127, $"{program} is not installed (Debian: {package}).");
        return result;
    }
}
