using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Binaries;

/// <summary>
/// A private apt: own lists, own cache, own idea of what is installed (nothing). It needs no root, and neither reads
/// nor changes the host's package state; the host's proxy and authentication settings still apply.
/// </summary>
internal sealed class AptWorkspace(string folder)
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(10);

    // Only maintenance scripts want perl, and those never run here: 60 MB less.
    private const string Status = """
        Package: perl
        Status: install ok installed
        Version: 999
        Architecture: all
        Multi-Arch: allowed
        Maintainer: none
        Description: counted as installed

        """;

    private string ConfigurationPath => Path.Combine(folder, "apt.conf");

    private string Archives => Path.Combine(folder, "cache", "archives");

    /// <summary>Downloads and unpacks; returns null, or why it failed.</summary>
    public async Task<string?> UnpackAsync(PackagePlan plan, string into, CancellationToken cancel)
    {
        await PrepareAsync(plan, cancel);
        List<string[]> steps = [["update"]];
        if (plan.Packages.Count > 0)
        {
            steps.Add(["install", "--download-only", "--no-install-recommends", "--yes", .. plan.Packages]);
        }

        if (plan.Alone.Count > 0)
        {
            steps.Add(["download", .. plan.Alone]);
        }

        foreach (var step in steps)
        {
            var result = await AptAsync(step, cancel);
            if (!result.Succeeded)
            {
                return $"apt-get {step[0]} from {plan.Uri} {plan.Suite}: {result.Reason}";
            }
        }

        return await UnpackArchivesAsync(into, cancel);
    }

    private async Task<string?> UnpackArchivesAsync(string into, CancellationToken cancel)
    {
        foreach (var package in Directory.GetFiles(Archives, "*.deb"))
        {
            var result = await ProgramRunner.RunAsync(new("dpkg", ["-x", package, into]), _limit, cancel);
            if (!result.Succeeded)
            {
                return $"dpkg -x {Path.GetFileName(package)}: {result.Reason}";
            }
        }

        return null;
    }

    private async Task PrepareAsync(PackagePlan plan, CancellationToken cancel)
    {
        Directory.CreateDirectory(Path.Combine(folder, "lists", "partial"));
        Directory.CreateDirectory(Path.Combine(folder, "state"));
        Directory.CreateDirectory(Path.Combine(folder, "parts"));
        Directory.CreateDirectory(Path.Combine(Archives, "partial"));
        var option = plan.Keyring is null ? "" : $"[signed-by={plan.Keyring}] ";
        await WriteAsync("sources.list", $"deb {option}{plan.Uri} {plan.Suite} {plan.Components}\n", cancel);
        await WriteAsync("status", Status, cancel);
        await WriteAsync("apt.conf", Configuration(), cancel);
    }

    // #clear takes away hooks of the host that would clean the host's own apt cache or notify its package managers.
    private string Configuration() => $$"""
        Dir::State "{{folder}}/state";
        Dir::State::Lists "{{folder}}/lists";
        Dir::State::status "{{folder}}/status";
        Dir::Cache "{{folder}}/cache";
        Dir::Etc::SourceList "{{folder}}/sources.list";
        Dir::Etc::SourceParts "{{folder}}/parts";
        Dir::Etc::Preferences "{{folder}}/preferences";
        Dir::Etc::PreferencesParts "{{folder}}/parts";
        Dir::Log "{{folder}}/log";
        APT::Sandbox::User "{{Environment.UserName}}";
        Acquire::Check-Valid-Until "false";
        Acquire::Languages "none";
        Acquire::Retries "2";
        #clear APT::Default-Release;
        #clear APT::Update::Post-Invoke;
        #clear APT::Update::Post-Invoke-Success;
        #clear DPkg::Pre-Install-Pkgs;
        #clear DPkg::Post-Invoke;
        #clear Acquire::IndexTargets::deb::DEP-11;

        """;

    private Task WriteAsync(string name, string text, CancellationToken cancel) =>
        File.WriteAllTextAsync(Path.Combine(folder, name), text, cancel);

    private Task<ProgramResult> AptAsync(string[] arguments, CancellationToken cancel) =>
        ProgramRunner.RunAsync(new("apt-get", ["--config-file", ConfigurationPath, .. arguments]), _limit, cancel, folder: Archives);
}
