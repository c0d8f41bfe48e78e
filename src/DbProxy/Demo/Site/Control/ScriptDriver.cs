using DbProxy.LocalCluster.Processes;

namespace DbProxy.Demo.Site.Control;

/// <summary>Drives a site by a program of the user's: action and target are its arguments, its answer is one line of JSON.</summary>
internal sealed class ScriptDriver(string program) : ISiteDriver
{
    private static readonly TimeSpan _limit = TimeSpan.FromMinutes(2);

    public async Task<SiteView> DoAsync(SiteOrder order, CancellationToken cancel)
    {
        string[] arguments = [SiteActions.Text(order.Action), .. order.Target.Length == 0 ? [] : (string[])[order.Target]];
        var result = await ProgramRunner.RunAsync(new(program, arguments), _limit, cancel, folder: Environment.CurrentDirectory);
        if (!result.Succeeded)
            throw new SiteException($"{program} {string.Join(' ', arguments)}: {result.Reason}");
        return ControlSocket.Parse<SiteView>(result.Output) ?? throw new SiteException($"{program} {string.Join(' ', arguments)} printed no JSON: {result.Output}");
    }
}
