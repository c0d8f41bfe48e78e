using System.CommandLine;
using DbProxy.Core.Configuration.Options;
using DbProxy.Core.Configuration.Values;

namespace DbProxy.Commands;

/// <summary><c>dbproxy probe</c>: asks a running proxy whether it is ready, for images that hold no curl.</summary>
internal static class ProbeCommand
{
    private const string ListenVariable = "DBPROXY_ADMIN__LISTEN";
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var url = new Argument<Uri?>("URL")
        {
            Description = $"What to ask. Default: /readyz at the address in {ListenVariable}, or at {new AdminOptions().Listen}.",
            Arity = ArgumentArity.ZeroOrOne,
        };
        var command = new Command("probe", "Ask a running proxy whether it is ready.");
        HelpText.Append(command, """
            Exit codes: 0 it answered with a status of success, 1 it did not, or not within 3 s.
            Example:
              dbproxy probe http://127.0.0.1:6070/healthz
            """);
        command.Arguments.Add(url);
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(url) ?? Default(Environment.GetEnvironmentVariable(ListenVariable)), parsed.InvocationConfiguration, cancel));
        return command;
    }

    /// <summary>Where the proxy that is configured by the same environment answers.</summary>
    internal static Uri Default(string? listen)
    {
        if (!HostPort.TryParse(listen ?? new AdminOptions().Listen!, out var address, out _))
            throw new InvalidOperationException($"{ListenVariable} is no address: {listen}");
        return new($"http://{address.Host}:{address.Port}/readyz");
    }

    private static async Task<int> RunAsync(Uri url, InvocationConfiguration output, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = _limit };
        try
        {
            using var response = await http.GetAsync(url, cancel);
            await output.Output.WriteAsync(await response.Content.ReadAsStringAsync(cancel));
            return response.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await output.Error.WriteLineAsync($"dbproxy: {url}: {e.Message}");
            return ExitCode.Failure;
        }
    }
}
