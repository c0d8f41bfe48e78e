using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using DbProxy.IntegrationTests.Failover;
using DbProxy.IntegrationTests.Infrastructure;
using DbProxy.IntegrationTests.LoadBalancer.Faults;
using DbProxy.LoadBalancer.Servers;
using DbProxy.LocalCluster.Processes;
using Xunit;

namespace DbProxy.IntegrationTests.LoadBalancer.HttpMode.Parts;

/// <summary>A real nginx with files of its own: one process, so that a signal stops or kills all of it.</summary>
internal sealed class NginxServer : IAsyncDisposable
{
    private static readonly string[] Places = ["/usr/sbin/nginx", "/usr/local/sbin/nginx", "/usr/bin/nginx"];

    private readonly string _folder = Directory.CreateTempSubdirectory("dbproxy-nginx").FullName;
    private readonly string _listen;
    private readonly string _settings;
    private readonly NetworkNamespace? _network;
    private Process? _process;

    private NginxServer(string name, string listen, string settings, NetworkNamespace? network)
    {
        (Name, _listen, _settings, _network) = (name, listen, settings, network);
        Address = network?.Inside ?? IPAddress.Loopback;
        Port = ProxyProcess.FreePort();
        Directory.CreateDirectory(Path.Combine(_folder, "www"));
        File.WriteAllText(Path.Combine(_folder, "www", "index.html"), name);
        File.WriteAllBytes(Path.Combine(_folder, "www", "big.bin"), Big);
        File.WriteAllText(Path.Combine(_folder, "nginx.conf"), Configuration());
    }

    /// <summary>What every server has as /big.bin and, slowly, as /slow/big.bin.</summary>
    public static byte[] Big { get; } = MakeBig();

    public string Name { get; }

    public IPAddress Address { get; }

    public int Port { get; }

    public ServerConfig Config => new() { Name = Name, Host = Address.ToString(), Port = Port };

    /// <param name="name">What it calls itself.</param>
    /// <param name="listen">What is expected of connections: ssl, http2, proxy_protocol.</param>
    /// <param name="settings">More of nginx's settings for the server.</param>
    /// <param name="network">Where it runs; null: among the tests.</param>
    public static async Task<NginxServer> StartAsync(string name, string listen = "", string settings = "", NetworkNamespace? network = null)
    {
        var program = Places.FirstOrDefault(File.Exists);
        if (program is null)
            Assert.Skip("nginx is not installed (Debian: nginx-light).");
        var server = new NginxServer(name, listen, settings, network);
        await server.StartAgainAsync(program);
        return server;
    }

    public Task StartAgainAsync() => StartAgainAsync(Places.First(File.Exists));

    public void Signal(int signal) => Signals.Send(_process!.Id, signal);

    public async Task KillAsync()
    {
        _process!.Kill();
        await _process.WaitForExitAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is not null)
            await KillAsync();
        _process?.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task StartAgainAsync(string program)
    {
        _process?.Dispose();
        string[] own = [program, "-p", _folder, "-c", Path.Combine(_folder, "nginx.conf"), "-e", "stderr"];
        var command = _network?.Exec(own) ?? own;
        _process = Process.Start(new ProcessStartInfo(command[0], command[1..]) { RedirectStandardError = true })!;
        _process.ErrorDataReceived += static (_, _) => { };
        _process.BeginErrorReadLine();
        await Eventually.IsTrueAsync(ListensAsync, () => $"nginx {Name} listens on {Port}");
    }

    private async Task<bool> ListensAsync()
    {
        using var socket = new Socket(SocketType.Stream, ProtocolType.Tcp);
        try
        {
            await socket.ConnectAsync(Address, Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }

    private string Configuration() => $$"""
        daemon off; master_process off; pid {{_folder}}/pid;
        events { worker_connections 256; }
        http {
          access_log off; types { text/html html; } default_type application/octet-stream;
          client_body_temp_path {{_folder}}/1; proxy_temp_path {{_folder}}/2; fastcgi_temp_path {{_folder}}/3;
          uwsgi_temp_path {{_folder}}/4; scgi_temp_path {{_folder}}/5;
          server {
            listen {{Address}}:{{Port}} {{_listen}}; {{_settings}} root {{_folder}}/www; add_header X-Server {{Name}};
            location /slow/ { alias {{_folder}}/www/; limit_rate 200k; }
            location /who { default_type text/plain; return 200 "$server_protocol name=$ssl_server_name client=$ssl_client_s_dn from=$proxy_protocol_addr at=$connection"; }
            location /forwarded { default_type text/plain; return 200 "$http_x_forwarded_for $http_x_forwarded_proto $http_host"; }
          }
        }
        """;

    private static byte[] MakeBig()
    {
        var big = new byte[4 << 20];
        new Random(1).NextBytes(big);
        return big;
    }
}
