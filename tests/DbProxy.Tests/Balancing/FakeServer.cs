using DbProxy.LoadBalancer.Balancing;

namespace DbProxy.Tests.Balancing;

internal sealed class FakeServer(string name, int weight = 1) : IBalancedServer
{
    public string Name => name;

    public int Weight { get; set; } = weight;

    public int ActiveConnections { get; set; }

    public BalancingSlot Slot { get; } = new(name);

    public static string Picks(IBalancingPolicy policy, int count, params FakeServer[] servers)
    {
        var picked = Enumerable.Range(0, count).Select(_ => policy.Pick<FakeServer>(servers)).ToArray();
        return string.Join(' ', picked.Select(i => i < 0 ? "-" : servers[i].Name));
    }
}
