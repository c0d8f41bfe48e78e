using System.CommandLine;
using System.CommandLine.Help;
using System.CommandLine.Invocation;

namespace DbProxy.Commands;

/// <summary>Adds examples and notes below a command's own help, which lists of commands don't repeat.</summary>
internal sealed class HelpText(SynchronousCommandLineAction standard) : SynchronousCommandLineAction
{
    private static readonly System.Runtime.CompilerServices.ConditionalWeakTable<Command, string> _notes = [];

    /// <summary>Text for the end of <c>command --help</c>.</summary>
    public static void Append(Command command, string notes) => _notes.Add(command, notes);

    /// <summary>Takes the place of the standard help in all commands.</summary>
    public static void Install(RootCommand root)
    {
        foreach (var help in root.Options.OfType<HelpOption>())
            if (help.Action is SynchronousCommandLineAction standard) help.Action = new HelpText(standard);
    }

    public override int Invoke(ParseResult parseResult)
    {
        var code = standard.Invoke(parseResult);
        if (_notes.TryGetValue(parseResult.CommandResult.Command, out var notes))
            parseResult.InvocationConfiguration.Output.WriteLine(notes);
        return code;
    }
}
