using Microsoft.Extensions.Logging;

namespace DbProxy.Core.Monitoring;

/// <summary>One line for each change of state, with its reason. Event ids 2000 to 2099.</summary>
internal static partial class MonitorLog
{
    [LoggerMessage(2000, LogLevel.Information, "{Server} is up ({Version}): {Reason}")]
    internal static partial void Up(ILogger logger, string server, string version, string reason);

    [LoggerMessage(2001, LogLevel.Warning, "{Server} is {Health}: {Reason}")]
    internal static partial void Down(ILogger logger, string server, ServerHealth health, string reason);

    [LoggerMessage(2002, LogLevel.Information, "{Server} is now {Role}, was {Before}: {Reason}")]
    internal static partial void RoleChanged(
        ILogger logger, string server, ServerRole role, ServerRole before, string reason);

    [LoggerMessage(2003, LogLevel.Warning, "{Server} takes no reads: {Reason}")]
    internal static partial void LeftRotation(ILogger logger, string server, string reason);

    [LoggerMessage(2004, LogLevel.Information, "{Server} takes reads: {Reason}")]
    internal static partial void JoinedRotation(ILogger logger, string server, string reason);

    [LoggerMessage(2005, LogLevel.Information, "{Server} was restarted at {StartTime:O}")]
    internal static partial void Restarted(ILogger logger, string server, DateTimeOffset startTime);

    [LoggerMessage(2006, LogLevel.Information, "The primary is {Server}: {Reason}")]
    internal static partial void PrimaryElected(ILogger logger, string server, string reason);

    [LoggerMessage(2007, LogLevel.Warning, "There is no primary: {Server} was it; {Reason}")]
    internal static partial void PrimaryLost(ILogger logger, string server, string reason);

    [LoggerMessage(2008, LogLevel.Warning, "{Warning}")]
    internal static partial void TopologyWarning(ILogger logger, string warning);

    [LoggerMessage(2009, LogLevel.Warning, "{Server}: {Caveat}")]
    internal static partial void PrivilegeMissing(ILogger logger, string server, string caveat);

    [LoggerMessage(2010, LogLevel.Warning,
        "{Server} can't be looked at and keeps its last state ({Health}) for now: {Reason}")]
    internal static partial void Inconclusive(ILogger logger, string server, ServerHealth health, string reason);

    [LoggerMessage(2011, LogLevel.Error, "The monitor of {Server} failed unexpectedly and goes on")]
    internal static partial void Unexpected(ILogger logger, Exception error, string server);

    [LoggerMessage(2012, LogLevel.Warning, "An operator's order for {Server}: {Order}")]
    internal static partial void Ordered(ILogger logger, string server, ServerOrder order);

    [LoggerMessage(2013, LogLevel.Information, "{Server} at {Address} is added")]
    internal static partial void Added(ILogger logger, string server, string address);

    [LoggerMessage(2014, LogLevel.Information, "{Server} at {Address} is removed; what runs there comes to its end")]
    internal static partial void Removed(ILogger logger, string server, string address);

    [LoggerMessage(2015, LogLevel.Information, "{Server} at {Address} is gone: nothing is left there")]
    internal static partial void Gone(ILogger logger, string server, string address);
}
