using DbProxy.IntegrationTests.Infrastructure;
using Xunit;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Routing;

public sealed class ReadWriteSplitTests
{
    [Theory, EachFlavor]
    public async Task Reads_spread_over_both_replicas(Flavor flavor)
    {
        await using var bed = await TestBed.StartAsync(flavor);
        await using var session = await bed.OpenAsync();
        Dictionary<long, int> answers = [];
        for (var i = 0; i < 40; i++)
        {
            var id = await session.ServerIdAsync();
            answers[id] = answers.GetValueOrDefault(id) + 1;
        }

        Assert.Equal([2L, 3L], answers.Keys.Order());
        Assert.All(answers.Values, count => Assert.Equal(20, count));
    }
}
