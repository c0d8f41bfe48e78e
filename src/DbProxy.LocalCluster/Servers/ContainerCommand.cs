using DbProxy.LocalCluster.Processes;

namespace DbProxy.LocalCluster.Servers;

/// <summary>A server in a container that sees the same folder, network and user as a process would.</summary>
internal static class ContainerCommand
{
    public static ProgramCommand For(
        ServerInstallation installation, string folder, string name, IEnumerable<string> arguments, string? program = null) =>
        new("docker", [
            "run", "--rm", "--init=false", "--name", name, "--network", "host", "--user", Signals.UserAndGroup,
            "--volume", $"{folder}:{folder}", "--entrypoint", program ?? installation.ServerPath,
            installation.DockerImage!, .. arguments,
        ]);
}
