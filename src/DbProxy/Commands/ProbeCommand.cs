using System.CommandLine;
using System.CommandLine.Parsing;
using DbProxy.Core.Configuration;

namespace DbProxy.Commands;

/// <summary><c>dbproxy probe</c>: asks a running proxy whether it is ready, for health checks where there is no curl.</summary>
internal static class ProbeCommand
{
    private const string ListenVariable = "DBPROXY_ADMIN__LISTEN";
    private static readonly string _defaultListen = new AdminOptions().Listen!;
    private static readonly TimeSpan _limit = TimeSpan.FromSeconds(3);

    public static Command Create()
    {
        var url = new Argument<Uri?>("URL")
        {
            Description = $"What to ask. Default: /readyz at the address in {ListenVariable}, else at {_defaultListen}.",
            Arity = ArgumentArity.ZeroOrOne,
            CustomParser = Parse,
        };
        var command = new Command("probe", "Ask a running proxy whether it is ready.");
        HelpText.Append(command, """
            Exit codes: 0 it says yes, 1 it says no, or nothing within 3 s.
            Example:
              dbproxy probe http://127.0.0.1:6070/healthz
            """);
        command.Arguments.Add(url);
        command.SetAction((parsed, cancel) => RunAsync(
            parsed.GetValue(url) ?? Ready(Environment.GetEnvironmentVariable(ListenVariable)), parsed.InvocationConfiguration, cancel));
        return command;
    }

    /// <summary>Where a proxy with this address of its admin listener answers.</summary>
    internal static Uri Ready(string? listen)
    {
        var (host, port) = HostPort.Parse(listen ?? _defaultListen);
        if (host.Length == 0)
            host = "127.0.0.1";
        return new($"http://{new HostPort(host, port)}/readyz");
    }

    private static Uri? Parse(ArgumentResult written)
    {
        var text = written.Tokens[0].Value;
        if (Uri.TryCreate(text, UriKind.Absolute, out var url) && url.Scheme is "http" or "https")
            return url;
        written.AddError($"\"{text}\" is not an http address, such as http://127.0.0.1:6070/readyz");
        return null;
    }

    private static async Task<int> RunAsync(Uri url, InvocationConfiguration output, CancellationToken cancel)
    {
        using var http = new HttpClient(new SocketsHttpHandler { UseProxy = false }) { Timeout = _limit };
        try
        {
            using var answer = await http.GetAsync(url, cancel);
            await output.Output.WriteAsync(await answer.Content.ReadAsStringAsync(cancel));
            return answer.IsSuccessStatusCode ? ExitCode.Success : ExitCode.Failure;
        }
        catch (Exception e) when (e is HttpRequestException or TaskCanceledException)
        {
            await output.Error.WriteLineAsync($"dbproxy: {url}: {e.Message}");
            return ExitCode.Failure;
        }
    }
}
