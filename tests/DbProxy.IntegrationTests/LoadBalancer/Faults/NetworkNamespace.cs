using System.Diagnostics;
using System.Globalization;
using System.Net;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.Faults;

/// <summary>
/// A network of its own, behind one cable: programs started in it are reached through <see cref="Inside"/>, and can be cut
/// off so that nothing they are sent is answered, as when a machine loses its power or its switch.
/// </summary>
internal sealed class NetworkNamespace : IAsyncDisposable
{
    private const string Prefix = "dbp";

    private static int _last;

    private NetworkNamespace(string name, byte subnet) => (Name, Outside, Inside) =
        (name, new(new byte[] { 10, 213, subnet, 1 }), new(new byte[] { 10, 213, subnet, 2 }));

    public string Name { get; }

    /// <summary>The address at this end of the cable.</summary>
    public IPAddress Outside { get; }

    /// <summary>The address at the other end.</summary>
    public IPAddress Inside { get; }

    /// <summary>Skips the test, with the reason, where namespaces can't be made.</summary>
    public static async Task<NetworkNamespace> CreateAsync()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() && Environment.UserName == "root", "Network namespaces need Linux and root.");
        Assert.SkipUnless(File.Exists("/usr/sbin/ip") || File.Exists("/sbin/ip"), "There is no ip (Debian: iproute2).");
        await RemoveLeftOversAsync();
        var number = Interlocked.Increment(ref _last);
        var made = new NetworkNamespace($"{Prefix}{Environment.ProcessId}n{number}", (byte)((Environment.ProcessId * 7) + number));
        var (_, _, problem) = await TryAsync("netns", "add", made.Name);
        Assert.SkipWhen(problem.Length > 0, $"No network namespace can be made here: {problem}");
        var cable = $"{made.Name}o";
        await RunAsync("link", "add", cable, "type", "veth", "peer", "name", "inside", "netns", made.Name);
        await RunAsync("addr", "add", $"{made.Outside}/24", "dev", cable);
        await RunAsync("link", "set", cable, "up");
        await made.IpAsync("addr", "add", $"{made.Inside}/24", "dev", "inside");
        await made.IpAsync("link", "set", "inside", "up");
        return made;
    }

    /// <summary>The command that runs a program inside.</summary>
    public string[] Exec(params string[] command) => ["ip", "netns", "exec", Name, .. command];

    /// <summary>From now on nothing comes back from inside; what is sent there arrives in vain.</summary>
    public Task CutAsync() => IpAsync("route", "replace", "blackhole", $"{Outside}/32");

    public Task MendAsync() => IpAsync("route", "del", "blackhole", $"{Outside}/32");

    public async ValueTask DisposeAsync()
    {
        await TryAsync("netns", "del", Name);
        // The cable would go with the namespace, but only when its last connection is forgotten.
        await TryAsync("link", "del", $"{Name}o");
    }

    private Task IpAsync(params string[] arguments) => RunAsync(["-n", Name, .. arguments]);

    private static async Task RunAsync(params string[] arguments)
    {
        var (code, _, error) = await TryAsync(arguments);
        Assert.True(code == 0, $"ip {string.Join(' ', arguments)}: {error}");
    }

    private static async Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo("ip", arguments) { RedirectStandardOutput = true, RedirectStandardError = true })!;
        var (output, error) = (process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        await process.WaitForExitAsync();
        return (process.ExitCode, await output, (await error).Trim());
    }

    /// <summary>Those of test runs that were killed.</summary>
    private static async Task RemoveLeftOversAsync()
    {
        foreach (var line in (await TryAsync("netns", "list")).Output.Split('\n'))
            if (line.Split(' ')[0] is var name && name.StartsWith(Prefix, StringComparison.Ordinal) && name.IndexOf('n', StringComparison.Ordinal) is > 0 and var end
                && int.TryParse(name.AsSpan(Prefix.Length, end - Prefix.Length), CultureInfo.InvariantCulture, out var process) && !Directory.Exists($"/proc/{process}"))
                await TryAsync("netns", "del", name);
    }
}
