using System.CommandLine;
using DbProxy.Core.Configuration.Reference;

namespace DbProxy.Commands;

/// <summary><c>dbproxy schema</c>: prints the JSON schema of the configuration file.</summary>
internal static class SchemaCommand
{
    public static Command Create()
    {
        // Hidden: it needs the compiler's documentation file, which stands beside a build and not in a release.
        var write = new Option<string?>("--write")
        {
            Description = "Regenerate config/dbproxy.schema.json and docs/configuration.md in this source tree.",
            HelpName = "folder",
            Hidden = true,
        };
        var command = new Command("schema", "Print the JSON schema of the configuration file, for editors.");
        HelpText.Append(command, """
            Example:
              dbproxy schema > dbproxy.schema.json
            """);
        command.Options.Add(write);
        command.SetAction(parsed =>
        {
            if (parsed.GetValue(write) is { } folder) Regenerate(folder);
            else parsed.InvocationConfiguration.Output.Write(Committed());
            return ExitCode.Success;
        });
        return command;
    }

    /// <summary>The schema of this build; a test holds it against what the options classes say.</summary>
    private static string Committed()
    {
        using var stream = typeof(SchemaCommand).Assembly.GetManifestResourceStream("dbproxy.schema.json")!;
        return new StreamReader(stream).ReadToEnd();
    }

    private static void Regenerate(string folder)
    {
        var docs = XmlDocs.Load();
        File.WriteAllText(Path.Combine(folder, "config", "dbproxy.schema.json"), SchemaWriter.Write(docs));
        var page = Path.Combine(folder, "docs", "configuration.md");
        File.WriteAllText(page, MarkdownWriter.Refresh(File.ReadAllText(page), docs));
    }
}
