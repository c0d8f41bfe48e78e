namespace DbProxy.Benchmarks.Idle;

/// <summary>
/// <c>idle COUNT HOST PORT USER</c>, the password in MYSQL_PWD: logs clients in, lets each run one statement, prints
/// <c>ready COUNT</c> and keeps them open and silent until its input ends. For measuring what an idle client costs.
/// </summary>
internal static class IdleClients
{
    // Few at once: the logins shall not overflow a listener's backlog.
    private static readonly ParallelOptions _fewAtOnce = new() { MaxDegreeOfParallelism = 32 };

    public static async Task<int> RunAsync(string[] args)
    {
        if (args is not [var countText, var host, var portText, var user]
            || !int.TryParse(countText, out var count) || !int.TryParse(portText, out var port))
        {
            await Console.Error.WriteLineAsync("Usage: idle COUNT HOST PORT USER (the password in MYSQL_PWD)");
            return 2;
        }

        var password = Environment.GetEnvironmentVariable("MYSQL_PWD") ?? "";
        var clients = new IdleClient[count];
        await Parallel.ForAsync(0, count, _fewAtOnce, async (i, cancel) =>
            clients[i] = await IdleClient.ConnectAsync(host, port, user, password, cancel));
        Console.WriteLine($"ready {count}");
        await Console.In.ReadToEndAsync();
        foreach (var client in clients)
        {
            client.Dispose();
        }

        return 0;
    }
}
