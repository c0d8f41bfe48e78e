using System.Net;
using System.Net.Security;
using System.Net.Sockets;
using System.Security.Cryptography.X509Certificates;

namespace DbProxy.Demo.Site.Outside;

/// <summary>
/// Connects as browsers do to a name with several addresses: to one after the other until one answers. It trusts the site's
/// certificate and nothing else.
/// </summary>
internal static class SiteHttp
{
    private static readonly TimeSpan _connectLimit = TimeSpan.FromSeconds(2);

    public static HttpClient Create(IReadOnlyList<string> hosts, int port, string certificatePath, TimeSpan limit)
    {
        var trusted = X509CertificateLoader.LoadCertificateFromFile(certificatePath);
        var turn = -1;
        return new HttpClient(new SocketsHttpHandler
        {
            UseProxy = false,
            AllowAutoRedirect = false,
            ConnectCallback = (_, cancel) => ConnectAsync(hosts, port, (uint)Interlocked.Increment(ref turn), cancel),
            SslOptions = new SslClientAuthenticationOptions
            {
                CertificateChainPolicy = new X509ChainPolicy
                {
                    TrustMode = X509ChainTrustMode.CustomRootTrust,
                    CustomTrustStore = { trusted },
                    RevocationMode = X509RevocationMode.NoCheck,
                },
            },
        }) { BaseAddress = new Uri($"https://localhost:{port}"), Timeout = limit };
    }

    private static async ValueTask<Stream> ConnectAsync(IReadOnlyList<string> hosts, int port, uint turn, CancellationToken cancel)
    {
        for (var i = 0; ; i++)
        {
            var socket = new Socket(SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
            limit.CancelAfter(_connectLimit);
            try
            {
                await socket.ConnectAsync(IPAddress.Parse(hosts[(int)((turn + i) % hosts.Count)]), port, limit.Token);
                return new NetworkStream(socket, ownsSocket: true);
            }
            catch (Exception e) when (e is SocketException or OperationCanceledException && i < hosts.Count - 1 && !cancel.IsCancellationRequested)
            {
                socket.Dispose();
            }
            catch
            {
                socket.Dispose();
                throw;
            }
        }
    }
}
