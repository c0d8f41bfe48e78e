using DbProxy.Core.Backends;
using DbProxy.Core.Sessions;
using Xunit;

namespace DbProxy.Tests.Backends;

public sealed class ConnectionPoolTests
{
    [Fact]
    public async Task Hands_the_connection_used_last_out_first_and_at_once()
    {
        using var bed = new PoolBed(4);
        var first = await RentAsync(bed);
        var second = await RentAsync(bed);
        bed.Pool.Return(second);
        bed.Pool.Return(first);
        ValueTask<LeaseResult> hit = bed.Pool.RentAsync(bed.Session());
        Assert.True(hit.IsCompletedSuccessfully);
        Assert.Same(first, (await hit).Connection);
        Assert.Equal(2, bed.Opened);
    }

    [Fact]
    public async Task Prefers_a_connection_in_the_sessions_own_settings()
    {
        using var bed = new PoolBed(4);
        var mine = await RentAsync(bed, "mine");
        var other = await RentAsync(bed, "other");
        bed.Pool.Return(mine);
        bed.Pool.Return(other);
        Assert.Same(mine, await RentAsync(bed, "mine"));
        Assert.Same(other, await RentAsync(bed, "third"));
    }

    [Fact]
    public async Task At_the_limit_a_session_without_schema_gets_a_new_connection_in_an_idle_ones_place()
    {
        using var bed = new PoolBed(1);
        var other = await RentAsync(bed, "other");
        bed.Pool.Return(other);
        var fresh = await RentAsync(bed, "");
        Assert.NotSame(other, fresh);
        Assert.True(other.IsClosed);
        Assert.Equal(1, bed.Pool.OpenCount);
    }

    [Fact]
    public async Task A_waiter_without_schema_gets_a_new_connection_in_the_returned_ones_place()
    {
        using var bed = new PoolBed(1);
        var other = await RentAsync(bed, "other");
        Task<ServerConnection> waiting = RentAsync(bed, "");
        bed.Pool.Return(other);
        Assert.NotSame(other, await waiting);
        Assert.Equal(1, bed.Pool.OpenCount);
    }

    [Fact]
    public async Task Waiters_are_served_in_their_order()
    {
        using var bed = new PoolBed(1);
        var connection = await RentAsync(bed);
        Task<ServerConnection>[] waiting = [RentAsync(bed), RentAsync(bed), RentAsync(bed)];
        Assert.Equal(3, bed.Pool.WaiterCount);
        foreach (Task<ServerConnection> next in waiting)
        {
            Assert.False(next.IsCompleted);
            bed.Pool.Return(connection);
            Assert.Same(connection, await next);
        }
    }

    [Fact]
    public async Task A_connection_that_dies_makes_room_for_the_first_waiter()
    {
        using var bed = new PoolBed(1);
        var connection = await RentAsync(bed);
        Task<ServerConnection> first = RentAsync(bed);
        Task<ServerConnection> second = RentAsync(bed);
        connection.Dispose();
        bed.Pool.Return(connection);
        ServerConnection fresh = await first;
        Assert.NotSame(connection, fresh);
        Assert.False(second.IsCompleted);
        bed.Pool.Discard(fresh);
        Assert.NotNull(await second);
        Assert.Equal(1, bed.Pool.OpenCount);
    }

    [Fact]
    public async Task Who_waits_too_long_is_told_and_takes_no_place()
    {
        using var bed = new PoolBed(1, TimeSpan.FromMilliseconds(200));
        var connection = await RentAsync(bed);
        Task<LeaseResult> late = bed.Pool.RentAsync(bed.Session()).AsTask();
        bed.EndWaits();
        Assert.False(late.IsCompleted);
        while (!late.IsCompleted)
        {
            bed.EndWaits();
            await Task.WhenAny(late, Task.Delay(1));
        }

        Assert.Equal(LeaseFailure.Exhausted, (await late).Failure);
        bed.Pool.Return(connection);
        Assert.Equal(1, bed.Pool.IdleCount);
        Assert.Same(connection, await RentAsync(bed));
    }

    [Fact]
    public async Task A_failed_connect_gives_its_place_to_the_next_waiter()
    {
        using var bed = new PoolBed(1);
        var gate = new TaskCompletionSource();
        bed.Connecting = () => gate.Task;
        Task<LeaseResult> failing = bed.Pool.RentAsync(bed.Session()).AsTask();
        Task<ServerConnection> waiting = RentAsync(bed);
        bed.Connecting = () => Task.CompletedTask;
        gate.SetException(new IOException("refused"));
        await Assert.ThrowsAsync<IOException>(() => failing);
        Assert.NotNull(await waiting);
    }

    [Fact]
    public async Task The_same_session_may_have_its_last_connection_again_unless_another_had_it()
    {
        using var bed = new PoolBed(2);
        Session session = bed.Session();
        var connection = (await bed.Pool.RentAsync(session)).Connection!;
        bed.Pool.Return(connection);
        Assert.True(bed.Pool.TryRentAgain(connection, session));
        Assert.False(bed.Pool.TryRentAgain(connection, session));
        bed.Pool.Return(connection);
        Assert.Same(connection, await RentAsync(bed));
        bed.Pool.Return(connection);
        Assert.False(bed.Pool.TryRentAgain(connection, session));
    }

    [Fact]
    public async Task A_connection_opened_for_a_login_is_taken_in_only_where_there_is_room()
    {
        using var bed = new PoolBed(2);
        await RentAsync(bed);
        ServerConnection room = await LoginAsync(bed);
        bed.Pool.Adopt(room);
        Assert.Equal((2, 1), (bed.Pool.OpenCount, bed.Pool.IdleCount));
        Assert.Same(room, await RentAsync(bed));
        bed.Limited = false;
        ServerConnection full = await LoginAsync(bed);
        bed.Pool.Adopt(full);
        Assert.True(full.IsClosed);
        Assert.Equal((2, 0), (bed.Pool.OpenCount, bed.Pool.IdleCount));
    }

    private static async Task<ServerConnection> LoginAsync(PoolBed bed) =>
        (await bed.Pool.LoginAsync(bed.Pool.Account.Credential, SessionSettings.Create("s", 45), default)).Connection!;

    private static async Task<ServerConnection> RentAsync(PoolBed bed, string schema = "s")
    {
        LeaseResult lease = await bed.Pool.RentAsync(bed.Session(schema));
        return lease.Connection ?? throw new InvalidOperationException(lease.Failure.ToString());
    }

    [Fact]
    public async Task At_the_servers_limit_a_session_waits_for_one_of_its_users_connections()
    {
        using var bed = new PoolBed(5) { ServerLimit = 1 };
        LeaseResult first = await bed.Pool.RentAsync(bed.Session());
        Task<LeaseResult> second = bed.Pool.RentAsync(bed.Session()).AsTask();
        Assert.False(second.IsCompleted);
        bed.Pool.Return(first.Connection!);
        Assert.Same(first.Connection, (await second).Connection);
        Assert.Equal((1, 1), (bed.Pool.OpenCount, bed.Opened));
    }

    [Fact]
    public async Task At_the_servers_limit_an_idle_connection_that_does_not_fit_makes_room()
    {
        using var bed = new PoolBed(5) { ServerLimit = 1 };
        bed.Pool.Return((await bed.Pool.RentAsync(bed.Session())).Connection!);
        Assert.NotNull((await bed.Pool.RentAsync(bed.Session(""))).Connection);
        Assert.Equal((1, 2), (bed.Pool.OpenCount, bed.Opened));
    }

    [Fact]
    public async Task At_the_servers_limit_the_servers_error_is_told_where_nothing_can_be_shared()
    {
        using var bed = new PoolBed(5) { ServerLimit = 0 };
        LeaseResult refused = await bed.Pool.RentAsync(bed.Session());
        Assert.Equal((LeaseFailure.Refused, (ushort)1226, 0), (refused.Failure, refused.Error!.Code, bed.Pool.OpenCount));
    }
}
