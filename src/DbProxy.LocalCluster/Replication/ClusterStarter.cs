using System.Net;
using System.Net.Sockets;
using DbProxy.LocalCluster.Processes;
using DbProxy.LocalCluster.Servers;

namespace DbProxy.LocalCluster.Replication;

/// <summary>Starts the servers of a cluster in parallel and connects them.</summary>
internal sealed class ClusterStarter(ServerInstallation installation, ClusterOptions options)
{
    private const int PortAttempts = 5;

    private readonly ClusterAccounts _accounts = new();

    public async Task<ReplicationCluster> StartAsync(CancellationToken cancel)
    {
        var template = await DataTemplate.GetAsync(installation, options.Binaries, cancel);
        var folder = OwnedFolder.Create(options.Folder, "dbproxy-cluster-");
        List<LocalServer> servers = [];
        try
        {
            if (installation.Flavor == ServerFlavor.MariaDb)
            {
                ServerCertificate.Write(folder.Path);
            }

            var starts = Enumerable.Range(1, options.Replicas + 1)
                .Select(id => Task.Run(() => StartServerAsync((uint)id, folder, template, servers, cancel), cancel))
                .ToArray();
            await Task.WhenAll(starts);
            var cluster = new ReplicationCluster(installation, folder, _accounts, [.. starts.Select(s => s.Result)]);
            await Task.WhenAll(cluster.Replicas.Select(r => cluster.FollowPrimaryAsync(r, wasPrimary: false, cancel)));
            await cluster.WaitForSyncAsync(options.StartTimeout, cancel);
            return cluster;
        }
        catch
        {
            await Task.WhenAll(servers.Select(server => server.DisposeAsync().AsTask()));
            folder.Dispose();
            throw;
        }
    }

    private async Task<LocalServer> StartServerAsync(
        uint id, OwnedFolder folder, string template, List<LocalServer> servers, CancellationToken cancel)
    {
        for (var attempt = 1; ; attempt++)
        {
            var settings = Settings(id, folder);
            Folders.Delete(settings.Folder);
            Directory.CreateDirectory(settings.Folder);
            Folders.Copy(Path.Combine(template, "data"), settings.DataFolder);
            var initFile = Path.Combine(settings.Folder, "accounts.sql");
            await File.WriteAllTextAsync(initFile, _accounts.InitFile(installation.Flavor), cancel);
            var server = new LocalServer(settings);
            lock (servers)
            {
                servers.Add(server);
            }

            try
            {
                await server.StartAsync(initFile, cancel);
                File.Delete(initFile);
                return server;
            }
            catch (ServerStartException taken) when (taken.PortTaken && attempt < PortAttempts)
            {
                // Somebody took the port between the choice and the start.
            }
        }
    }

    private ServerSettings Settings(uint id, OwnedFolder folder) => new()
    {
        Installation = installation,
        ClusterFolder = folder.Path,
        ServerId = id,
        Port = FreePort(),
        SocketPath = folder.SocketPath(id),
        ReadOnly = id > 1,
        RootPassword = _accounts.Root.Password,
        StartTimeout = options.StartTimeout,
        BufferPoolMegabytes = options.BufferPoolMegabytes,
        ExtraArguments = options.ExtraArguments,
    };

    private static int FreePort()
    {
        using var probe = new TcpListener(IPAddress.Loopback, 0);
        probe.Start();
        return ((IPEndPoint)probe.LocalEndpoint).Port;
    }
}
