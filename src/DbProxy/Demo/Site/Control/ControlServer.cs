using System.Net.Sockets;

namespace DbProxy.Demo.Site.Control;

/// <summary>Takes orders for a site, one at a time, until it is disposed.</summary>
internal sealed class ControlServer : IAsyncDisposable
{
    private readonly ISiteDriver _site;
    private readonly Socket _listener;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Task _accepting;

    public ControlServer(ISiteDriver site, string folder)
    {
        _site = site;
        _listener = ControlSocket.Listen(folder);
        _accepting = AcceptAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _stopping.CancelAsync();
        _listener.Dispose();
        await _accepting;
        _stopping.Dispose();
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                await using var client = new NetworkStream(await _listener.AcceptAsync(_stopping.Token), ownsSocket: true);
                await ServeAsync(client);
            }
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException or SocketException)
        {
            // The site stops.
        }
    }

    private async Task ServeAsync(NetworkStream client)
    {
        try
        {
            if (await ControlSocket.ReadAsync<SiteOrder>(client, _stopping.Token) is { } order)
                await ControlSocket.WriteAsync(client, await ReplyAsync(order), _stopping.Token);
        }
        catch (IOException)
        {
            // Whoever asked is gone.
        }
    }

    private async Task<SiteReply> ReplyAsync(SiteOrder order)
    {
        try
        {
            return new(null, await _site.DoAsync(order, _stopping.Token));
        }
        catch (SiteException error)
        {
            return new(error.Message, null);
        }
    }
}
