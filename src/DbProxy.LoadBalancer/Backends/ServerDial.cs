using System.Net;
using System.Net.Security;
using System.Net.Sockets;

namespace DbProxy.LoadBalancer.Backends;

/// <summary>How a connection to a server begins: TCP, then the PROXY header, then TLS.</summary>
/// <param name="Host">Host name or address.</param>
/// <param name="Port">TCP port.</param>
/// <param name="Header">The PROXY protocol's header; null: none.</param>
/// <param name="Tls">The client's side of TLS; null: plain text.</param>
/// <remarks>Fails with SocketException, IOException, AuthenticationException or OperationCanceledException; nothing is left open then.</remarks>
internal sealed record ServerDial(string Host, int Port, byte[]? Header, SslClientAuthenticationOptions? Tls)
{
    /// <summary>A connection for the relay.</summary>
    public async Task<ByteChannel> OpenChannelAsync(CancellationToken stopping)
    {
        var channel = new SocketChannel(await OpenSocketAsync(stopping));
        return Tls is null ? channel : await GuardAsync(channel, () => TlsChannel.ConnectAsync(channel, Tls, stopping));
    }

    /// <summary>A connection for .NET's HTTP client.</summary>
    public async Task<Stream> OpenStreamAsync(CancellationToken stopping)
    {
        var socket = await OpenSocketAsync(stopping);
        return Tls is null ? new NetworkStream(socket, ownsSocket: true) : await GuardAsync(socket, () => TlsChannel.ConnectStreamAsync(socket, Tls, stopping));
    }

    /// <summary>The connection before TLS.</summary>
    public async Task<Socket> OpenSocketAsync(CancellationToken stopping)
    {
        // Names may lead to either family, which costs a system call more.
        var address = IPAddress.TryParse(Host, out var known) ? known : null;
        var socket = address is null ? new Socket(SocketType.Stream, ProtocolType.Tcp) : new(address.AddressFamily, SocketType.Stream, ProtocolType.Tcp);
        return await GuardAsync(socket, async () =>
        {
            socket.NoDelay = true;
            await (address is null ? socket.ConnectAsync(Host, Port, stopping) : socket.ConnectAsync(new IPEndPoint(address, Port), stopping));
            if (Header is not null)
                await socket.SendAsync(Header, stopping);
            return socket;
        });
    }

    private static async Task<T> GuardAsync<T>(IDisposable opened, Func<Task<T>> next)
    {
        try
        {
            return await next();
        }
        catch
        {
            opened.Dispose();
            throw;
        }
    }
}
