using CsCheck;
using DbProxy.Core.Backends;
using DbProxy.Core.Sessions;
using Xunit;

namespace DbProxy.Tests.Backends;

/// <summary>Many sessions do everything at once that a pool allows: the limit holds, and nobody waits for ever.</summary>
public sealed class ConnectionPoolStressTests
{
    private enum Step : byte { Return, Discard, ReturnDead, AbortThenReturn, Again, CloseIdle }

    [Fact]
    public void No_waiter_is_lost_and_the_limit_holds() =>
        Gen.Select(Gen.Int[1, 5], Gen.Int[2, 12], Gen.Enum<Step>().Array[5, 40], Gen.Int[0, 3], Gen.Int)
        .Sample((max, sessions, steps, failEvery, seed) => RunAsync(max, sessions, steps, failEvery, seed).GetAwaiter().GetResult(), iter: 60);

    private static async Task RunAsync(int max, int sessions, Step[] steps, int failEvery, int seed)
    {
        // Short for some, so that waiters give up while connections are on their way to them.
        using var bed = new PoolBed(max, TimeSpan.FromMilliseconds(seed % 2 == 0 ? 1 : 60_000));
        int connects = 0;
        bed.Connecting = async () =>
        {
            await Task.Yield();
            if (failEvery > 0 && Interlocked.Increment(ref connects) % (failEvery + 3) == 0)
            {
                throw new IOException("refused");
            }
        };
        Task[] all = [.. Enumerable.Range(0, sessions).Select(i => Task.Run(() => SessionAsync(bed, steps, i)))];
        Task done = Task.WhenAll(all).WaitAsync(TimeSpan.FromSeconds(30));
        while (!done.IsCompleted)
        {
            bed.EndWaits();
            await Task.WhenAny(done, Task.Delay(1));
        }

        await done;
        Assert.Equal(0, bed.Pool.WaiterCount);
        Assert.Equal(bed.Pool.OpenCount, bed.Pool.IdleCount);
        Assert.Equal(bed.Pool.OpenCount, bed.Backend.Connections.Count());
        bed.Connecting = () => Task.CompletedTask;
        for (int i = 0; i < max; i++)
        {
            Assert.NotNull((await bed.Pool.RentAsync(bed.Session())).Connection);
        }

        Assert.Equal(max, bed.Pool.OpenCount);
    }

    private static async Task SessionAsync(PoolBed bed, Step[] steps, int index)
    {
        Session session = bed.Session(index % 3 == 0 ? "" : $"s{index % 2}");
        for (int i = 0; i < steps.Length; i++)
        {
            LeaseResult lease = default;
            try
            {
                lease = await bed.Pool.RentAsync(session);
            }
            catch (IOException)
            {
            }

            if (lease.Connection is { } connection)
            {
                Assert.Equal(session.Id, connection.LastSession);
                await Task.Yield();
                connection.Settings = session.State.Settings;
                Finish(bed, session, connection, steps[(i + index) % steps.Length]);
            }
        }
    }

    private static void Finish(PoolBed bed, Session session, ServerConnection connection, Step step)
    {
        Assert.Equal(session.Id, connection.LastSession);
        switch (step)
        {
            case Step.Discard:
                bed.Pool.Discard(connection);
                return;
            case Step.ReturnDead:
                connection.Dispose();
                break;
            case Step.AbortThenReturn:
                connection.Abort();
                break;
            case Step.CloseIdle:
                bed.Pool.CloseAllIdle();
                break;
        }

        bed.Pool.Return(connection);
        if (step == Step.Again && bed.Pool.TryRentAgain(connection, session))
        {
            bed.Pool.Return(connection);
        }
    }
}
