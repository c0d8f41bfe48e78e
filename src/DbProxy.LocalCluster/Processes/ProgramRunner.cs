using System.ComponentModel;
using System.Diagnostics;

namespace DbProxy.LocalCluster.Processes;

/// <summary>What a finished program left.</summary>
internal sealed record ProgramResult(int ExitCode, string Output, string Error)
{
    public bool Succeeded => ExitCode == 0;

    /// <summary>The last lines that explain a failure, on one line.</summary>
    public string Reason
    {
        get
        {
            var text = string.IsNullOrWhiteSpace(Error) ? Output : Error;
            var lines = text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return $"exit code {ExitCode}: {string.Join(" | ", lines.TakeLast(4))}";
        }
    }
}

/// <summary>Runs short programs to their end.</summary>
internal static class ProgramRunner
{
    /// <summary>Runs a program; one that cannot be started counts as exit code 127, like in a shell.</summary>
    public static async Task<ProgramResult> RunAsync(
        ProgramCommand command, TimeSpan limit, CancellationToken cancel, Func<StreamWriter, Task>? input = null,
        string? folder = null)
    {
        using var process = new Process { StartInfo = StartInfo(command, input is not null, folder) };
        try
        {
            process.Start();
        }
        catch (Win32Exception missing)
        {
            return new ProgramResult(127, "", missing.Message);
        }

        using var timed = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        timed.CancelAfter(limit);
        try
        {
            // Both streams are drained while input is written: a full pipe would block the program for ever.
            var output = process.StandardOutput.ReadToEndAsync(timed.Token);
            var error = process.StandardError.ReadToEndAsync(timed.Token);
            await WriteAsync(process, input);
            await process.WaitForExitAsync(timed.Token);
            return new ProgramResult(process.ExitCode, await output, await error);
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return new ProgramResult(124, "", $"no end after {limit.TotalSeconds:0} s");
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill(entireProcessTree: true);
            }
        }
    }

    private static ProcessStartInfo StartInfo(ProgramCommand command, bool input, string? folder)
    {
        var start = new ProcessStartInfo(command.FileName, command.Arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            RedirectStandardInput = input,
            WorkingDirectory = folder ?? "/",
        };
        start.Environment["LC_ALL"] = "C";
        return start;
    }

    private static async Task WriteAsync(Process process, Func<StreamWriter, Task>? input)
    {
        if (input is null)
        {
            return;
        }

        try
        {
            await input(process.StandardInput);
            process.StandardInput.Close();
        }
        catch (IOException)
        {
            // The program ended early and says why in its exit code and output.
        }
    }
}
