using System.Runtime.InteropServices;

namespace DbProxy.LocalCluster.Processes;

/// <summary>Calls of the C library that .NET does not offer: it can send no signal but SIGKILL.</summary>
internal static partial class Signals
{
    // The numbers are Linux's on x86-64 and arm64; SIGSTOP and SIGCONT differ on other systems.
    public const int Kill = 9;
    public const int Terminate = 15;
    public const int Continue = 18;
    public const int Stop = 19;

    /// <summary>Sends a signal; a process that is gone already is no error.</summary>
    public static void Send(int processId, int signal) => _ = NativeKill(processId, signal);

    /// <summary>This process's user and group, as <c>docker run --user</c> wants them: its files stay deletable.</summary>
    public static string UserAndGroup => $"{UserId()}:{GroupId()}";

    [LibraryImport("libc", EntryPoint = "getuid")]
    private static partial uint UserId();

    [LibraryImport("libc", EntryPoint = "getgid")]
    private static partial uint GroupId();

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int NativeKill(int processId, int signal);
}
