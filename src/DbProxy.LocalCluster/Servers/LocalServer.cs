using System.Globalization;
using DbProxy.LocalCluster.Processes;
using DbProxy.LocalCluster.Servers;
using MySqlConnector;

namespace DbProxy.LocalCluster;

/// <summary>
/// One server process with its data directory, on 127.0.0.1. It dies with this process in every case. Methods are for
/// one caller at a time.
/// </summary>
public sealed class LocalServer : IAsyncDisposable
{
    private readonly ServerSettings _settings;
    private readonly string? _container;
    private SupervisedProcess? _process;

    internal LocalServer(ServerSettings settings)
    {
        _settings = settings;
        // Read-only is part of the state that a restart keeps, so it belongs to the server and changes with promotions.
        ReadOnly = settings.ReadOnly;
        _container = settings.Installation.DockerImage is null ? null : $"{Path.GetFileName(settings.ClusterFolder)}-{ServerId}";
    }

    /// <summary>The value of <c>@@server_id</c>, from 1 (the first primary) up.</summary>
    public uint ServerId => _settings.ServerId;

    /// <summary>The TCP port on 127.0.0.1; a restart keeps it.</summary>
    public int Port => _settings.Port;

    /// <summary>The Unix socket, shorter than the limit of 107 bytes.</summary>
    public string SocketPath => _settings.SocketPath;

    /// <summary>Where its data is; deleted with the cluster.</summary>
    public string DataDirectory => _settings.DataFolder;

    /// <summary>The server's error log.</summary>
    public string LogPath => _settings.LogPath;

    /// <summary>The PEM file of the authority that signed its TLS certificate.</summary>
    public string CertificateAuthorityPath => _settings.CertificateAuthorityPath;

    /// <summary>The process id of the server itself, or null when it does not run.</summary>
    public int? ProcessId => IsRunning ? _process!.ProcessId : null;

    /// <summary>Whether the process is there; a paused one is.</summary>
    public bool IsRunning => _process is { HasExited: false };

    /// <summary>Whether a start makes it read-only (MySQL: super_read_only).</summary>
    internal bool ReadOnly { get; set; }

    /// <summary>A MySqlConnector connection string: TCP, TLS without verification.</summary>
    public string ConnectionString(string user, string password, string? database = null) => new MySqlConnectionStringBuilder
    {
        Server = "127.0.0.1",
        Port = (uint)Port,
        UserID = user,
        Password = password,
        Database = database ?? "",
        SslMode = MySqlSslMode.Required,
        // On a busy machine the first connection to a server takes its time.
        ConnectionTimeout = 20,
    }.ConnectionString;

    /// <summary>Starts the server and waits until it answers.</summary>
    /// <exception cref="ServerStartException">It ended, or did not answer within the cluster's start timeout.</exception>
    public Task StartAsync(CancellationToken cancel = default) => StartAsync(initFile: null, cancel);

    /// <summary>Starts it; statements of <paramref name="initFile"/> run before it takes connections.</summary>
    internal async Task StartAsync(string? initFile, CancellationToken cancel)
    {
        if (IsRunning)
        {
            return;
        }

        _process?.Dispose();
        // A killed server leaves its socket and this one would not be told from it.
        File.Delete(SocketPath);
        var command = _settings.Command(ReadOnly, initFile, _container);
        _process = await SupervisedProcess.StartAsync(command, LogPath, _container);
        try
        {
            await WaitUntilReadyAsync(_process, cancel);
        }
        catch
        {
            await KillAsync();
            throw;
        }
    }

    /// <summary>
    /// An orderly shutdown (SIGTERM), then SIGKILL when <paramref name="limit"/> passes (default 20 s).
    /// </summary>
    /// <returns>True when it ended by itself within the limit.</returns>
    public async Task<bool> StopAsync(TimeSpan? limit = null)
    {
        if (!IsRunning)
        {
            return true;
        }

        Resume();
        _process!.Signal(Signals.Terminate);
        if (await _process.WaitForExitAsync(limit ?? TimeSpan.FromSeconds(20)))
        {
            return true;
        }

        await KillAsync();
        return false;
    }

    /// <summary>SIGKILL, as in a crash; returns when the process is gone.</summary>
    public async Task KillAsync()
    {
        if (!IsRunning)
        {
            return;
        }

        if (_container is not null)
        {
            await ContainerAsync("kill");
        }

        _process!.Signal(Signals.Kill);
        if (!await _process.WaitForExitAsync(TimeSpan.FromSeconds(20)))
        {
            throw new InvalidOperationException($"Server {ServerId} (process {_process.ProcessId}) survived SIGKILL for 20 s.");
        }
    }

    /// <summary>SIGSTOP: the server hangs, its ports still accept connections. Containers: <see cref="PauseAsync"/>.</summary>
    public void Pause() => _process?.Signal(Signals.Stop);

    /// <summary>SIGCONT: ends <see cref="Pause"/>.</summary>
    public void Resume() => _process?.Signal(Signals.Continue);

    /// <summary>Like <see cref="Pause"/>, in containers too.</summary>
    public Task PauseAsync() => _container is null ? Immediately(Pause) : ContainerAsync("pause");

    /// <summary>Like <see cref="Resume"/>, in containers too.</summary>
    public Task ResumeAsync() => _container is null ? Immediately(Resume) : ContainerAsync("unpause");

    /// <summary>Stops (or kills) the server and starts it again on the same port and data.</summary>
    public async Task RestartAsync(bool kill = false, CancellationToken cancel = default)
    {
        await (kill ? KillAsync() : StopAsync());
        await StartAsync(cancel);
    }

    /// <summary>The last lines of the error log, for messages.</summary>
    public string LogTail(int lines = 15) =>
        File.Exists(LogPath) ? string.Join('\n', File.ReadLines(LogPath).TakeLast(lines)) : "(no log)";

    /// <summary>Kills the server; its data is not kept, so there is nothing to save.</summary>
    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        _process?.Dispose();
        _process = null;
    }

    private async Task WaitUntilReadyAsync(SupervisedProcess process, CancellationToken cancel)
    {
        var deadline = Environment.TickCount64 + (long)_settings.StartTimeout.TotalMilliseconds;
        while (!await AnswersAsync(cancel))
        {
            if (process.HasExited || Environment.TickCount64 > deadline)
            {
                var tail = LogTail();
                throw new ServerStartException(
                    $"Server {ServerId} on port {Port} {(process.HasExited ? "ended at its start" : "did not answer in time")}. Its log:\n{tail}",
                    tail.Contains("already in use", StringComparison.OrdinalIgnoreCase));
            }

            await Task.Delay(40, cancel);
        }
    }

    private async Task<bool> AnswersAsync(CancellationToken cancel)
    {
        try
        {
            await using var connection = new MySqlConnection(
                ConnectionString("root", _settings.RootPassword) + ";Pooling=false");
            await connection.OpenAsync(cancel);
            await using var command = new MySqlCommand("SELECT @@server_id", connection);
            // The port may belong to a stranger's server; only this cluster knows the password, only this server the id.
            return Convert.ToUInt32(await command.ExecuteScalarAsync(cancel), CultureInfo.InvariantCulture) == ServerId;
        }
        catch (MySqlException)
        {
            return false;
        }
    }

    private Task ContainerAsync(string verb) =>
        ProgramRunner.RunAsync(new("docker", [verb, _container!]), TimeSpan.FromSeconds(30), CancellationToken.None);

    private static Task Immediately(Action action)
    {
        action();
        return Task.CompletedTask;
    }
}
