using DbProxy.Demo.Counting;
using Spectre.Console;
using Spectre.Console.Rendering;

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
        _console.Write(Screen(history));
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

    private Layout Screen(History history)
    {
        var servers = ServersPanel.Create(history);
        return new Layout().SplitRows(
            Rows(HeaderPanel.Create(_facts, history), HeaderPanel.Height),
            Rows(servers, history.Now.Servers.Length + ServersPanel.ExtraHeight),
            new Layout().Size(LatencyPanel.Height).SplitColumns(
                new Layout(LatencyPanel.Create(history)).Ratio(5), new Layout(ChecksPanel.Create(history)).Ratio(4)),
            new Layout().SplitColumns(
                new Layout(RoutesPanel.Create(history)).Ratio(5), new Layout(EventsPanel.Create(_events)).Ratio(4)));
    }

    private static Layout Rows(IRenderable content, int height) => new Layout(content).Size(height);
}
