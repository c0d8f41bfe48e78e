namespace DbProxy.Commands.Ctl;

/// <summary>A command that failed, in words for its user.</summary>
/// <param name="message">What went wrong and what to do.</param>
/// <param name="exitCode">What the process ends with.</param>
internal sealed class CtlException(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;
}
