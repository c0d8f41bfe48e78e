using System.Globalization;
using CsCheck;
using Xunit;

namespace DbProxy.Tests.Fuzzing;

/// <summary>
/// Damaged input for a bounded time; tests/fuzz/run gives it longer. What it finds is made small and printed in hex: it becomes
/// a test of its own, named after what went wrong.
/// </summary>
public sealed class FuzzTests
{
    /// <summary>How many seconds each target gets.</summary>
    public const string SecondsVariable = "DBPROXY_FUZZ_SECONDS";

    private static readonly int _seconds =
        int.Parse(Environment.GetEnvironmentVariable(SecondsVariable) ?? "2", NumberStyles.None, CultureInfo.InvariantCulture);

    public static IEnumerable<TheoryDataRow<string>> Targets() => FuzzTargets.All.Keys.Select(k => new TheoryDataRow<string>(k));

    [Theory]
    [MemberData(nameof(Targets))]
    public void Damaged_input_does_no_harm(string target)
    {
        var (corpus, run) = FuzzTargets.All[target];
        Mutated.Of(corpus).Sample(run, time: _seconds, print: Convert.ToHexString);
    }

    [Theory]
    [MemberData(nameof(Targets))]
    public void Every_sample_and_every_prefix_of_it_does_no_harm(string target)
    {
        var (corpus, run) = FuzzTargets.All[target];
        foreach (var sample in corpus)
            for (var length = 0; length <= sample.Length; length++)
                run(sample[..length]);
    }
}
