using System.Globalization;
using DbProxy.Core.Gtids;

namespace DbProxy.Core.Monitoring;

/// <summary>One row of replication status as a <see cref="ChannelReading"/>.</summary>
internal static class ChannelParser
{
    /// <summary>A row of the performance schema statement.</summary>
    internal static ChannelReading FromPerformanceSchema(ProbeRow row)
    {
        // Without GTIDs nothing says what is received, so the last queued and the last applied are compared instead.
        var caughtUp = row.IsOn("no_gtids")
            ? (row.Number("last_applied") ?? 0) >= (row.Number("queued") ?? 0)
            : row.IsOn("applied_all");
        // Seconds since the commit of the oldest that is known to be missing. Waiting out SOURCE_DELAY nothing is being
        // applied, but the delay itself is counted. The last queued one is the least of all answers.
        var age = Greatest(row.Number("applying_age"), row.Number("waited"), row.Number("queued_age"));
        return new ChannelReading
        {
            Name = row.Text("channel"),
            Source = row.Text("source"),
            SourceUuid = Guid.TryParse(row.Text("source_uuid"), out var uuid) ? uuid : Guid.Empty,
            ReceiverConnected = row.Text("receiver") == "ON",
            ReceiverRunning = row.Text("receiver") is "ON" or "CONNECTING",
            ApplierRunning = row.Text("applier") == "ON",
            LagMilliseconds = caughtUp ? 0 : age * 1000,
            Error = row.Text("error"),
        };
    }

    /// <summary>A row of SHOW REPLICA STATUS or SHOW SLAVE STATUS of MySQL, or SHOW ALL SLAVES STATUS of
    /// MariaDB.</summary>
    internal static ChannelReading FromShow(ProbeRow row, ServerFlavor flavor, GtidSet applied)
    {
        var replica = row.Text("Replica_IO_Running").Length > 0 ? "Replica" : "Slave";
        var source = replica == "Replica" ? "Source" : "Master";
        var receiver = row.Text(replica + "_IO_Running");
        return new ChannelReading
        {
            Name = flavor == ServerFlavor.MariaDb ? row.Text("Connection_name") : row.Text("Channel_Name"),
            Source = $"{row.Text(source + "_Host")}:{row.Text(source + "_Port")}",
            SourceUuid = Guid.TryParse(row.Text(source + "_UUID"), out var uuid) ? uuid : Guid.Empty,
            SourceServerId = (uint)(row.Number(source + "_Server_Id") ?? 0),
            ReceiverConnected = receiver == "Yes",
            ReceiverRunning = receiver is "Yes" or "Connecting" or "Preparing",
            ApplierRunning = row.Text(replica + "_SQL_Running") == "Yes",
            LagMilliseconds = HasAppliedAll(row, flavor, applied) ? 0 : row.Number("Seconds_Behind_" + source) * 1000,
            Error = Error(row),
        };
    }

    private static bool HasAppliedAll(ProbeRow row, ServerFlavor flavor, GtidSet applied)
    {
        var received = row.Text(flavor == ServerFlavor.MariaDb ? "Gtid_IO_Pos" : "Retrieved_Gtid_Set");
        return received.Length > 0 && GtidSet.Parse(received) is { } set && applied.Contains(set);
    }

    private static string Error(ProbeRow row)
    {
        foreach (var thread in (ReadOnlySpan<string>)["SQL", "IO"])
        {
            if (row.Number($"Last_{thread}_Errno") is { } number and > 0)
                return string.Create(CultureInfo.InvariantCulture, $"{number} {row.Text($"Last_{thread}_Error")}");
        }
        return "";
    }

    private static double? Greatest(params ReadOnlySpan<double?> values)
    {
        double? greatest = null;
        foreach (var value in values)
        {
            if (value is { } known && (greatest is null || known > greatest))
                greatest = known;
        }
        return greatest;
    }
}
