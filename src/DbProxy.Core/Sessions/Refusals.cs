using System.Globalization;
using DbProxy.Core.Backends;
using DbProxy.Core.Configuration;
using DbProxy.Core.Logging;
using DbProxy.Core.Monitoring;
using DbProxy.Core.Relay;
using DbProxy.Core.Routing;
using DbProxy.Protocol;
using DbProxy.Sql;

namespace DbProxy.Core.Sessions;

/// <summary>What a client is told when its statement can't run. Each answers false where the session must end.</summary>
internal sealed class Refusals(Session session, ProxyContext context)
{
    private string NoPrimary =>
        context.Topology.Servers.FirstOrDefault(s => s.Model is { Role: ServerRole.Primary, Order.IsReady: false }) is { } primary
            ? $"The primary server {primary.Name} is taken out by an operator: {primary.Model.Order}"
            : "There is no primary server at present";

    /// <summary>
    /// Who asks what the primary is, a replica for one, takes 1053 for a source that is away and comes again; after another
    /// error it stays stopped.
    /// </summary>
    public ValueTask<bool> WithoutServerAsync(in Statement statement) => IsAboutThePrimary(statement)
        ? session.SendErrorAsync(MySqlErrors.ServerShutdown, $"{NoPrimary}. Try again when one is up.")
        : session.Role == ListenRole.Replica
        ? session.SendErrorAsync(MySqlErrors.CannotConnect, "No replica is available at present, and this address is for replicas only. Try again when one is up.")
        : statement.Access == StatementAccess.Write
        ? session.SendErrorAsync(MySqlErrors.ReadOnlyMode, $"{NoPrimary}, so nothing can be written. Try again when one is up.")
        : session.SendErrorAsync(MySqlErrors.CannotConnect, "No server is available for this read at present. Try again when one is up.");

    /// <summary>No connection to the server could be had.</summary>
    public ValueTask<bool> WithoutConnectionAsync(in LeaseResult lease, ServerState server) => lease.Failure == LeaseFailure.Exhausted
        ? session.SendErrorAsync(MySqlErrors.TooManyConnections, $"All connections of this user to server {server.Name} are in use (Pool.MaxConnections); none became free in time (Pool.AcquireTimeout).")
        : session.SendErrorAsync(lease.Error ?? new(MySqlErrors.CannotConnect, $"Can't connect to server {server.Name}"));

    /// <summary>A replica's complaint that it is read-only is news to a client that knows of one server: its own transaction is.</summary>
    public ValueTask<bool> InReadTransactionAsync()
    {
        session.Working = null;
        return session.SendErrorAsync(MySqlErrors.ReadOnlyTransaction, "Cannot execute statement in a READ ONLY transaction.");
    }

    /// <summary>1049 for a schema that another session dropped.</summary>
    public ValueTask<bool> WithoutSchemaAsync()
    {
        string? name = session.State.MissingSchema;
        session.State.ReturnToSchema();
        return session.SendErrorAsync(MySqlErrors.UnknownDatabase, $"Unknown database '{name}'");
    }

    /// <summary>The statement was lost on its way.</summary>
    public async ValueTask<bool> LostAsync(RelayOutcome outcome, ServerConnection connection)
    {
        OutcomeRule rule = outcome.Rule();
        Log.RelayFailed(context.Logger, session.Id, connection.Backend.State.Name, outcome);
        if (!rule.KeepsSession)
        {
            // Part of a result may be with the client already: an error packet would be taken for a row.
            return false;
        }

        bool lostState = session.State.KeepsLease;
        session.State.Lost();
        await session.SendErrorAsync(rule.Error, string.Format(CultureInfo.InvariantCulture, rule.Text, connection.Backend.State.Name));
        return !lostState;
    }

    private static bool IsAboutThePrimary(in Statement statement) =>
        statement.Access == StatementAccess.Write && statement.Kind is StatementKind.Select or StatementKind.Show && statement.HasAny(StatementTraits.ServerSpecific);
}
