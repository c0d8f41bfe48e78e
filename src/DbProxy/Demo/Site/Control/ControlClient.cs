namespace DbProxy.Demo.Site.Control;

/// <summary>Drives a site that another process runs.</summary>
internal sealed class ControlClient(string folder) : ISiteDriver
{
    /// <summary>The site that runs on this machine.</summary>
    /// <exception cref="SiteException">There is none, or more than one.</exception>
    public static async Task<ControlClient> FindAsync(string? folder, CancellationToken cancel)
    {
        List<string> running = [];
        foreach (var place in folder is null ? Directory.GetDirectories(Path.GetTempPath(), SiteStack.FolderPrefix + "*") : [folder])
        {
            await using var connection = await ControlSocket.ConnectAsync(place, cancel);
            if (connection is not null)
                running.Add(place);
        }

        return running switch
        {
            [var one] => new(one),
            [] => throw new SiteException($"No site runs {(folder is null ? "here" : $"in {folder}")}: start one in another terminal by dbproxy demo --full"),
            _ => throw new SiteException($"More than one site runs; choose by --folder: {string.Join(", ", running)}"),
        };
    }

    public async Task<SiteView> DoAsync(SiteOrder order, CancellationToken cancel)
    {
        await using var connection = await ControlSocket.ConnectAsync(folder, cancel) ?? throw new SiteException($"The site in {folder} has ended.");
        try
        {
            await ControlSocket.WriteAsync(connection, order, cancel);
            var reply = await ControlSocket.ReadAsync<SiteReply>(connection, cancel);
            return reply?.View ?? throw new SiteException(reply?.Error ?? $"The site in {folder} has ended.");
        }
        catch (IOException)
        {
            throw new SiteException($"The site in {folder} has ended.");
        }
    }
}
