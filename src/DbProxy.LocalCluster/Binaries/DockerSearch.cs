using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Binaries;

/// <summary>
/// The last resort: an image, started with the host's network and the cluster's folder mounted at its own path, so
/// that everything else works as with a program. Linux engines only; with a remote engine it cannot work.
/// </summary>
internal static class DockerSearch
{
    public static async Task<ServerInstallation?> FindAsync(
        ServerFlavor flavor, LocalClusterOptions options, List<string> tried, CancellationToken cancel)
    {
        var info = await DockerAsync(TimeSpan.FromSeconds(10), cancel, "info", "--format", "{{.OSType}}");
        if (!info.Succeeded || info.Output.Trim() != "linux")
        {
            tried.Add($"docker: no Linux engine answers ({(info.Succeeded ? info.Output.Trim() : info.Reason)})");
            return null;
        }

        var image = flavor == ServerFlavor.MySql ? "mysql:9.7" : "mariadb:10.11";
        if (!(await DockerAsync(TimeSpan.FromSeconds(20), cancel, "image", "inspect", image)).Succeeded)
        {
            options.Progress?.Invoke($"Pulling {image}");
            var pull = await DockerAsync(TimeSpan.FromMinutes(10), cancel, "pull", "--quiet", image);
            if (!pull.Succeeded)
            {
                tried.Add($"docker: {image} cannot be pulled: {pull.Reason}");
                return null;
            }
        }

        return await DescribeAsync(flavor, image, tried, cancel);
    }

    private static async Task<ServerInstallation?> DescribeAsync(
        ServerFlavor flavor, string image, List<string> tried, CancellationToken cancel)
    {
        var program = HostSearch.ProgramName(flavor);
        var said = await DockerAsync(TimeSpan.FromMinutes(1), cancel, "run", "--rm", "--entrypoint", program, image, "--version");
        var problem = said.Succeeded ? HostSearch.Problem(flavor, said.Output, out _) : said.Reason;
        if (problem is not null)
        {
            tried.Add($"docker: {image}: {problem}");
            return null;
        }

        _ = HostSearch.Problem(flavor, said.Output, out var version);
        return new ServerInstallation
        {
            Flavor = flavor,
            Version = version,
            Origin = InstallationOrigin.Docker,
            ServerPath = program,
            DockerImage = image,
        };
    }

    private static Task<ProgramResult> DockerAsync(TimeSpan limit, CancellationToken cancel, params string[] arguments) =>
        ProgramRunner.RunAsync(new("docker", arguments), limit, cancel);
}
