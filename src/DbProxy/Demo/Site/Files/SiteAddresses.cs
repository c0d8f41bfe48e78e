using System.Net;
using System.Net.Sockets;
using DbProxy.Demo.Site.Members;

namespace DbProxy.Demo.Site.Files;

/// <summary>
/// Where everybody listens: each process has a loopback address of its own, as it would have a host of its own, and a tier
/// shares its ports.
/// </summary>
internal sealed class SiteAddresses
{
    private const int UsualHttp = 8080;
    private const int UsualHttps = 8443;

    private SiteAddresses(int http, int https)
    {
        (Http, Https) = (http, https);
        (Admin, Web, App, Database, Monitoring) = (FreePort(), FreePort(), FreePort(), FreePort(), FreePort());
    }

    public int Http { get; }

    public int Https { get; }

    /// <summary>/metrics, /readyz and the statistics page of every dbproxy.</summary>
    public int Admin { get; }

    public int Web { get; }

    public int App { get; }

    /// <summary>Of the MySQL proxies and of those in front of them.</summary>
    public int Database { get; }

    public int Monitoring { get; }

    /// <summary>The usual ports where they are free, else any.</summary>
    public static SiteAddresses Choose() =>
        IsFree(UsualHttp) && IsFree(UsualHttps) ? new(UsualHttp, UsualHttps) : new(FreePort(), FreePort());

    /// <summary>The address of the first or second of a tier; the front ends' are the ones that browsers are told.</summary>
    public static string Host(string tier, int number) => $"127.0.0.{number + tier switch
    {
        Tiers.Front => 0,
        Tiers.Web => 10,
        Tiers.App => 20,
        Tiers.DatabaseFront => 30,
        Tiers.Proxy => 40,
        _ => throw new ArgumentOutOfRangeException(nameof(tier), tier, "a tier without addresses"),
    }}";

    /// <summary>Free on all addresses: the kernel gives none that is taken on one of them.</summary>
    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Any, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }

    private static bool IsFree(int port)
    {
        try
        {
            using var probe = new TcpListener(IPAddress.Any, port);
            probe.Start();
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
