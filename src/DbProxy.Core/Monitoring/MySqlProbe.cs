using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>Looks at a real server, over one connection that is kept open.</summary>
internal sealed class MySqlProbe(ServerState server, TimeProvider time) : IServerProbe
{
    // A look that was given up may still run: it keeps to its own session and can't disturb the next one.
    private ProbeSession? _session;

    /// <inheritdoc/>
    public bool Connected => _session is { Identified: true };

    /// <inheritdoc/>
    public async Task<ProbeReading> ReadAsync(MonitorSettings settings, CancellationToken stopping)
    {
        if (_session is { } former && !former.Fits(settings))
            Discard(former);
        var reused = _session;
        var session = reused ?? Begin(settings);
        try
        {
            return await session.ReadAsync(settings, stopping);
        }
        catch (MySqlException e) when (reused is not null && ProbeErrors.Classify(e) == ProbeFailureKind.Lost)
        {
            // Somebody killed the connection, or wait_timeout did; whether the server lives only a new one tells.
            Discard(session);
        }
        catch (Exception e) when (IsFailure(e, stopping))
        {
            Discard(session);
            throw Failed(e, settings);
        }

        session = Begin(settings);
        try
        {
            return await session.ReadAsync(settings, stopping);
        }
        catch (Exception e) when (IsFailure(e, stopping))
        {
            Discard(session);
            throw Failed(e, settings);
        }
    }

    /// <inheritdoc/>
    public void Abandon()
    {
        if (_session is { } session)
            Discard(session);
    }

    /// <inheritdoc/>
    public async ValueTask DisposeAsync()
    {
        if (Interlocked.Exchange(ref _session, null) is { } session)
            await session.DisposeAsync();
    }

    private ProbeSession Begin(MonitorSettings settings) => _session = new ProbeSession(server, settings, time);

    private void Discard(ProbeSession session)
    {
        Interlocked.CompareExchange(ref _session, null, session);
        // Not awaited: closing says goodbye first, which a server that hangs doesn't answer.
        _ = session.DisposeAsync().AsTask();
    }

    // Of any kind: on nonsense from a server the driver throws whatever its parser stumbles over.
    private static bool IsFailure(Exception e, CancellationToken stopping) =>
        e is not OperationCanceledException || !stopping.IsCancellationRequested;

    private static ProbeException Failed(Exception e, MonitorSettings settings) =>
        new(new ProbeFailure(ProbeErrors.Classify(e), ProbeErrors.Describe(e, settings)), e);
}
