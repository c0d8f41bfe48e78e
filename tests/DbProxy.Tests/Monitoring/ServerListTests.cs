using System.Collections.Immutable;
using DbProxy.Core.Configuration;
using DbProxy.Core.Monitoring;
using Microsoft.Extensions.Logging.Abstractions;
using Xunit;
using AdminState = DbProxy.LoadBalancer.Servers.AdminState;

namespace DbProxy.Tests.Monitoring;

/// <summary>Servers that come and go while the proxy runs, by configuration and by operators.</summary>
public sealed class ServerListTests
{
    private readonly ImmutableArray<ServerConfig> _three = [Server("a"), Server("b"), Server("c")];
    private readonly Topology _topology;
    private readonly TopologyKeeper _keeper;
    private readonly ServerList _list;

    public ServerListTests()
    {
        _topology = ServerList.NewTopology(_three);
        _keeper = new(_topology, () => Readings.Settings, TimeProvider.System, NullLogger.Instance);
        _list = new(_keeper, _three);
    }

    [Fact]
    public void What_stays_is_the_same_server_and_a_removed_one_is_behind_the_others_until_it_is_empty()
    {
        var (a, b, c) = (_topology.Servers[0], _topology.Servers[1], _topology.Servers[2]);
        _list.Apply(_three, [Server("d"), Server("c"), Server("a")]);
        Assert.Equal(["d", "c", "a", "b"], _topology.Servers.Select(s => s.Name));
        Assert.Equal((c, a, b), (_topology.Servers[1], _topology.Servers[2], _topology.Servers[3]));
        Assert.Equal((true, ServerOrder.Removed), (b.IsRemoved, b.Model.Order));
        Assert.Equal(4, _topology.Servers.Select(s => s.Index).Distinct().Count());
        _list.DropEmpty();
        Assert.Equal(["d", "c", "a"], _topology.Servers.Select(s => s.Name));
        Assert.Null(_list.Change(all => [.. all, Server("e")]));
        Assert.Equal(b.Index, _topology.Servers[3].Index);
    }

    [Fact]
    public void At_another_address_a_server_is_another_one_with_the_same_name_and_order()
    {
        var former = _topology.Servers[1];
        _keeper.Obey(former, new(AdminState.Drain, "moves"));
        _list.Apply(_three, [Server("a"), Server("b", 7), Server("c")]);
        Assert.Equal(["a", "b", "c", "b"], _topology.Servers.Select(s => s.Name));
        var now = _topology.Servers[1];
        Assert.Equal((7, new ServerOrder(AdminState.Drain, "moves"), false), (now.Port, now.Model.Order, now.IsRemoved));
        Assert.Equal((former, true), (_topology.Servers[3], former.IsRemoved));
    }

    [Fact]
    public void What_operators_changed_stays_unless_the_value_in_the_file_changed()
    {
        var (a, b) = (_topology.Servers[0], _topology.Servers[1]);
        (a.Weight, b.Weight) = (5, 6);
        Assert.Null(_list.Change(all => [.. all.Where(s => s.Name != "c"), Server("x")]));
        _list.Apply(_three, _three);
        Assert.Equal(["a 5", "b 6", "x 1"], Current());
        _list.Apply(_three, [Server("a"), Server("b") with { Weight = 9 }, Server("c", 4)]);
        Assert.Equal(["a 5", "b 9", "c 1", "x 1"], Current());
        Assert.Same(b, _topology.Servers[1]);
    }

    [Fact]
    public void A_list_that_cannot_be_is_refused_and_changes_nothing()
    {
        var before = _topology.Current;
        Assert.Equal("no server would be left; add another one first", _list.Change(_ => []));
        Assert.Equal("there is a server \"b\" already; give the new one another name", _list.Change(all => [.. all, Server("b", 5)]));
        Assert.Equal("\"c\" and \"d\" would both be at db:99; remove one of them", _list.Change(all => [.. all, Server("d", 'c')]));
        Assert.Same(before, _topology.Current);
        Assert.Null(_list.Change(all => [.. all, Server("x", 'x')]));
        Assert.Equal("\"new\" and \"x\" would both be at db:120; remove one of them", _list.WhyNot(_three, [.. _three, Server("new", 'x')]));
    }

    [Fact]
    public void A_server_is_told_to_be_gone_only_when_no_connection_is_left()
    {
        var a = _topology.Servers[0];
        using var channel = new Channels.ScriptedChannel([]);
        var connection = Sessions.SessionFakes.Connection(channel);
        a.Backend.Add(connection);
        _list.Change(all => all.Where(s => s.Name != "a"));
        _list.DropEmpty();
        Assert.Contains(a, _topology.Servers);
        a.Backend.Forget(connection);
        _list.DropEmpty();
        Assert.DoesNotContain(a, _topology.Servers);
    }

    private IEnumerable<string> Current() => _topology.Servers.Where(s => !s.IsRemoved).Select(s => $"{s.Name} {s.Weight}");

    private static ServerConfig Server(string name, int? port = null) => new(name, new("db", port ?? name[0]), 1);
}
