using DbProxy.Demo.Counting;
using Spectre.Console;

namespace DbProxy.Demo.Views;

/// <summary>
/// The whole terminal, drawn once a second on its alternate screen, so that afterwards the user's own lines are back.
/// It is drawn whole each time: a changed window size needs no care.
/// </summary>
internal sealed class LiveView : IDemoView
{
    private const string Enter = "\e[?1049h\e[?25l";
    private const string Leave = "\e[?25h\e[?1049l";
    // Not "clear": that would flicker. What a shorter window leaves over is cleared after the picture.
    private const string Home = "\e[H";
    private const string ClearRest = "\e[J";

    private readonly IAnsiConsole _console;
    private readonly DemoFacts _facts;
    private readonly RecentEvents _events;
    private int _left;

    public LiveView(IAnsiConsole console, DemoFacts facts, RecentEvents events)
    {
        (_console, _facts, _events) = (console, facts, events);
        // A second Ctrl-C ends the process without Dispose.
        AppDomain.CurrentDomain.ProcessExit += OnExit;
        Write(Enter);
    }

    public void Show(History history)
    {
        // The line end after the last line would scroll a full screen by one.
        _console.Profile.Height = Math.Max(10, Console.WindowHeight - 1);
        _console.Profile.Width = Math.Max(40, Console.WindowWidth);
        Write(Home);
        _console.Write(Screen.Create(_facts, history, _events.Last, _console.Profile.Width));
        Write(ClearRest);
    }

    public void Dispose()
    {
        AppDomain.CurrentDomain.ProcessExit -= OnExit;
        OnExit(this, EventArgs.Empty);
    }

    private void OnExit(object? sender, EventArgs e)
    {
        if (Interlocked.Exchange(ref _left, 1) == 0)
        {
            Write(Leave);
        }
    }

    private void Write(string sequence)
    {
        _console.Profile.Out.Writer.Write(sequence);
        _console.Profile.Out.Writer.Flush();
    }
}
