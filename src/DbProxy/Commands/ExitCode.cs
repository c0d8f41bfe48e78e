namespace DbProxy.Commands;

/// <summary>What the process tells its caller.</summary>
internal static class ExitCode
{
    /// <summary>Done; for <c>run</c>: stopped as asked, after draining.</summary>
    public const int Success = 0;

    /// <summary>It started, or tried to, and failed.</summary>
    public const int Failure = 1;

    /// <summary>The configuration or the command line is wrong; nothing was started.</summary>
    public const int BadConfiguration = 2;

    /// <summary>For <c>ctl</c>: the proxy can't be reached.</summary>
    public const int Unreachable = 3;
}
