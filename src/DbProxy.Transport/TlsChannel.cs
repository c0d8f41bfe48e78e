using System.Net.Security;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.Transport;

/// <summary>TLS over a TCP connection, upgraded inside the MySQL handshake.</summary>
public sealed class TlsChannel : ByteChannel
{
    private readonly SocketChannel _inner;
    private readonly SslStream _stream;

    private TlsChannel(SocketChannel inner, SslStream stream)
    {
        _inner = inner;
        _stream = stream;
    }

    /// <inheritdoc/>
    public override bool IsSecure => true;

    /// <summary>Session tickets may arrive at any time, so this can be true for a healthy server once after the login.</summary>
    public override bool HasInput => _inner.HasInput;

    /// <summary>The peer's certificate; null: it showed none.</summary>
    public X509Certificate? PeerCertificate => _stream.RemoteCertificate;

    /// <summary>The version negotiated.</summary>
    public SslProtocols Protocol => _stream.SslProtocol;

    /// <summary>The proxy's side of a client's connection.</summary>
    /// <exception cref="AuthenticationException">The client does not speak TLS, or refuses what is offered.</exception>
    public static Task<TlsChannel> AcceptAsync(SocketChannel channel, SslServerAuthenticationOptions options, CancellationToken stopping) =>
        UpgradeAsync(channel, stream => stream.AuthenticateAsServerAsync(options, stopping));

    /// <summary>The proxy's side of a client's connection, with what suits the name that the client asks for.</summary>
    /// <exception cref="AuthenticationException">The client does not speak TLS, or refuses what is offered.</exception>
    public static Task<TlsChannel> AcceptAsync(
        SocketChannel channel, Func<SslClientHelloInfo, SslServerAuthenticationOptions> choose, CancellationToken stopping) =>
        UpgradeAsync(channel, stream => stream.AuthenticateAsServerAsync((_, hello, _, _) => new(choose(hello)), null, stopping));

    /// <summary>The proxy's side of a connection to a server.</summary>
    /// <exception cref="AuthenticationException">The server's certificate is refused.</exception>
    public static Task<TlsChannel> ConnectAsync(SocketChannel channel, SslClientAuthenticationOptions options, CancellationToken stopping) =>
        UpgradeAsync(channel, stream => stream.AuthenticateAsClientAsync(options, stopping));

    /// <summary>The same as a stream, which owns the socket.</summary>
    /// <exception cref="AuthenticationException">The server's certificate is refused.</exception>
    public static Task<SslStream> ConnectStreamAsync(Socket socket, SslClientAuthenticationOptions options, CancellationToken stopping) =>
        UpgradeAsync(new HandshakeStream(socket, ownsSocket: true), stream => stream.AuthenticateAsClientAsync(options, stopping));

    private static async Task<TlsChannel> UpgradeAsync(SocketChannel channel, Func<SslStream, Task> authenticate) =>
        new(channel, await UpgradeAsync(new HandshakeStream(channel.Socket, ownsSocket: false), authenticate));

    private static async Task<SslStream> UpgradeAsync(HandshakeStream transport, Func<SslStream, Task> authenticate)
    {
        var stream = new SslStream(transport, leaveInnerStreamOpen: false);
        try
        {
            await authenticate(stream);
        }
        catch
        {
            await stream.DisposeAsync();
            throw;
        }

        transport.HandshakeDone();
        return stream;
    }

    /// <inheritdoc/>
    public override async ValueTask<int> ReceiveAsync(Memory<byte> buffer)
    {
        try
        {
            return await _stream.ReadAsync(buffer);
        }
        catch (Exception e) when (SocketChannel.IsGone(e))
        {
            WasBroken = true;
            return 0;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask<bool> SendAsync(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            await _stream.WriteAsync(bytes);
            return true;
        }
        catch (Exception e) when (SocketChannel.IsGone(e))
        {
            return false;
        }
    }

    /// <inheritdoc/>
    public override async ValueTask CloseSendingAsync()
    {
        try
        {
            await _stream.ShutdownAsync();
        }
        catch (Exception e) when (SocketChannel.IsGone(e))
        {
        }

        await _inner.CloseSendingAsync();
    }

    /// <inheritdoc/>
    public override void Abort() => _inner.Abort();

    /// <inheritdoc/>
    public override void Dispose()
    {
        _stream.Dispose();
        _inner.Dispose();
    }

    /// <summary>
    /// Moves the handshake's public-key work, about a millisecond, away from the thread that serves the sockets:
    /// completions run inline there, and every other session of that thread would wait.
    /// </summary>
    private sealed class HandshakeStream(Socket socket, bool ownsSocket) : NetworkStream(socket, ownsSocket)
    {
        private volatile bool _inHandshake = true;

        public void HandshakeDone() => _inHandshake = false;

        /// <inheritdoc/>
        public override ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default) =>
            _inHandshake ? ReadAndLeaveAsync(buffer, cancellationToken) : base.ReadAsync(buffer, cancellationToken);

        private async ValueTask<int> ReadAndLeaveAsync(Memory<byte> buffer, CancellationToken cancellationToken)
        {
            int count = await base.ReadAsync(buffer, cancellationToken);
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding);
            return count;
        }
    }
}
