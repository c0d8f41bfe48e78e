using System.CommandLine;
using System.Text.Json;
using DbProxy.Admin.Api.Models;

namespace DbProxy.Commands.Ctl;

/// <summary><c>ctl show …</c>: tables of what there is.</summary>
internal static class ShowCommands
{
    public static Command Create(CtlOptions options)
    {
        var show = new Command("show", "Show what there is and how it is.")
        {
            Shows<ProcessInfo>("info", "The process.", "process", Sheets.Process),
            Shows<FrontendInfo[]>("frontends", "The frontends.", "frontends", Sheets.Frontends),
            Shows<BackendInfo[]>("backends", "The backends.", "backends", Sheets.Backends),
            Shows<BackendInfo[]>("servers", "The servers of all backends.", "backends", Sheets.Servers),
            Shows<MySqlInfo>("mysql", "The MySQL proxy: its servers, pins and routes.", "mysql", MySqlSheets.All),
            Shows<CertificateInfo[]>("certificates", "The certificates in use, the next to expire first.", "certificates", Sheets.Certificates),
            Shows<ConfigInfo>("config", "The configuration file, and the mistakes of the last attempt to read it again.", "config", Sheets.Config),
            Sessions(),
        };
        return show;

        Command Shows<T>(string name, string description, string path, Action<T, TextWriter> write) =>
            new Command(name, description).Does(options, (parsed, client, cancel) => ShowAsync(options, parsed, client, path, write, cancel));

        Command Sessions()
        {
            var search = new Option<string?>("--search") { HelpName = "text", Description = "Only those that mention this: a user, a server, a state, a pin's reason." };
            var limit = new Option<int>("--limit") { HelpName = "number", Description = "The most to show.", DefaultValueFactory = static _ => 1000 };
            return new Command("sessions", "Clients' sessions, the oldest first.") { search, limit }.Does(options, (parsed, client, cancel) =>
            {
                var path = $"sessions?limit={parsed.GetValue(limit)}&search={Uri.EscapeDataString(parsed.GetValue(search) ?? "")}";
                return ShowAsync<SessionList>(options, parsed, client, path, Sheets.Sessions, cancel);
            });
        }
    }

    private static async Task ShowAsync<T>(
        CtlOptions options, ParseResult parsed, CtlClient client, string path, Action<T, TextWriter> write, CancellationToken cancel)
    {
        var (output, text) = (parsed.InvocationConfiguration.Output, await client.SendAsync(HttpMethod.Get, path, null, cancel));
        if (options.WantsJson(parsed))
            await output.WriteLineAsync(text);
        else
            write(JsonSerializer.Deserialize<T>(text, JsonSerializerOptions.Web)!, output);
    }
}
