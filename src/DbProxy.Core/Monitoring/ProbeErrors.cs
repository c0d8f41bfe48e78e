using System.Net.Sockets;
using MySqlConnector;

namespace DbProxy.Core.Monitoring;

/// <summary>What the driver's errors mean for the state of a server.</summary>
internal static class ProbeErrors
{
    internal static ProbeFailureKind Classify(Exception error)
    {
        for (var e = error; e is not null; e = e.InnerException)
        {
            switch (e)
            {
                case OperationCanceledException or TimeoutException:
                case SocketException { SocketErrorCode: SocketError.TimedOut }:
                    return ProbeFailureKind.TimedOut;
                case SocketException { SocketErrorCode: SocketError.ConnectionRefused or SocketError.HostNotFound
                    or SocketError.HostUnreachable or SocketError.NetworkUnreachable or SocketError.NoData }:
                    return ProbeFailureKind.Refused;
                case SocketException or IOException:
                    return ProbeFailureKind.Lost;
            }
        }
        // The driver tries all addresses of a host and, when each refused, reports no cause.
        if (error is MySqlException { ErrorCode: MySqlErrorCode.UnableToConnectToHost, InnerException: null })
            return ProbeFailureKind.Refused;
        return error is MySqlException mysql ? Classify(mysql.ErrorCode, mysql.Number) : ProbeFailureKind.Lost;
    }

    private static ProbeFailureKind Classify(MySqlErrorCode code, int number) => code switch
    {
        MySqlErrorCode.CommandTimeoutExpired => ProbeFailureKind.TimedOut,
        MySqlErrorCode.AccessDenied or MySqlErrorCode.ConnectionCountError or MySqlErrorCode.TooManyUserConnections
            or MySqlErrorCode.UserLimitReached or MySqlErrorCode.HostIsBlocked or MySqlErrorCode.HostNotPrivileged
            => ProbeFailureKind.Inconclusive,
        // Account locked (3118, 4151), password expired (1820, 1862).
        _ when number is 3118 or 4151 or 1820 or 1862 => ProbeFailureKind.Inconclusive,
        // Killed (1317, MariaDB 1927), closed for idleness (4031), shutting down (1053, 1080).
        _ when number is 1317 or 1927 or 4031 or 1053 or 1080 => ProbeFailureKind.Lost,
        MySqlErrorCode.UnableToConnectToHost or MySqlErrorCode.None => ProbeFailureKind.Lost,
        _ => ProbeFailureKind.Error,
    };

    /// <summary>No right to the database (1044), the table (1142), the column (1143) or the statement (1227), or no
    /// such table (1146).</summary>
    private static bool IsDenied(MySqlException e) => e.Number is 1044 or 1142 or 1143 or 1227 or 1146;

    internal static string Describe(Exception error, MonitorSettings settings)
    {
        var innermost = error;
        while (innermost.InnerException is { } inner)
            innermost = inner;
        return error switch
        {
            MySqlException { ErrorCode: MySqlErrorCode.AccessDenied } =>
                $"the monitor's user \"{settings.User}\" was refused ({error.Message}); check its name, password and grants",
            MySqlException mysql when Classify(error) == ProbeFailureKind.Inconclusive =>
                $"the monitor was not let in: {mysql.Number} {mysql.Message}",
            IndexOutOfRangeException or ArgumentException or FormatException or NullReferenceException or OverflowException =>
                $"its answer is not a MySQL server's ({error.Message})",
            _ when innermost == error => error.Message,
            _ => $"{error.Message} ({innermost.Message})",
        };
    }

    /// <summary>What the monitor does without, and the grant that would help.</summary>
    internal static string Caveat(MySqlException e, StatusSource next, ServerFlavor flavor, string user)
    {
        var without = next == StatusSource.Show ? "lag in whole seconds only" : "replication status unreadable";
        if (!IsDenied(e))
            return $"{without}: {e.Number} {e.Message}";
        var grant = (next, flavor) switch
        {
            (StatusSource.Show, _) => "SELECT ON performance_schema.*",
            (_, ServerFlavor.MariaDb) => "SLAVE MONITOR ON *.*",
            _ => "REPLICATION CLIENT ON *.*",
        };
        return $"{without}: GRANT {grant} TO '{user}'@'%' is missing";
    }
}
