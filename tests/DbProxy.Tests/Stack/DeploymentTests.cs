using Xunit;

namespace DbProxy.Tests.Stack;

public sealed class DeploymentTests
{
    [Fact]
    public async Task The_firewall_rules_load()
    {
        // In a network namespace of its own: nothing is loaded, and no other rules disturb.
        var result = await StackFiles.RunAsync("unshare", "util-linux, nftables", "-rn", "sh", "-c", "PATH=$PATH:/usr/sbin; nft -c -f config/nftables.conf");
        Assert.SkipWhen(result.ExitCode == 127, "nft is not installed (Debian: nftables).");
        Assert.SkipWhen(result.Error.Contains("unshare failed", StringComparison.Ordinal), result.Error);
        Assert.True(result.ExitCode == 0, result.Error);
    }

    [Fact]
    public async Task Systemd_understands_the_unit()
    {
        var result = await StackFiles.RunAsync("systemd-analyze", "systemd", "verify", "--man=no", "deploy/systemd/dbproxy.service");
        // The program itself is not installed where the tests run.
        var complaints = result.Error.Split('\n', StringSplitOptions.RemoveEmptyEntries)
            .Where(line => line.Contains("dbproxy.service", StringComparison.Ordinal) && !line.Contains("is not executable", StringComparison.Ordinal));
        Assert.Empty(complaints);
    }

    [Fact]
    public async Task Kubernetes_schemas_accept_the_manifests()
    {
        const int cannotBeHad = 3;
        var result = await StackFiles.RunAsync(Path.Combine(StackFiles.Root, "tests", "deploy", "validate"), "bash");
        Assert.SkipWhen(result.ExitCode == cannotBeHad, result.Output);
        Assert.True(result.ExitCode == 0, result.Output + result.Error);
        Assert.Contains("Deployment/dbproxy: valid", result.Output, StringComparison.Ordinal);
    }
}
