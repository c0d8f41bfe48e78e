using System.Reflection;
using Xunit;
using Xunit.Sdk;
using Xunit.v3;
using Flavor = DbProxy.LocalCluster.ServerFlavor;

namespace DbProxy.IntegrationTests.Infrastructure;

/// <summary>Data of a theory that runs once for each kind of server: its parameter is the flavor.</summary>
[AttributeUsage(AttributeTargets.Method)]
public sealed class EachFlavorAttribute : DataAttribute
{
    public override ValueTask<IReadOnlyCollection<ITheoryDataRow>> GetData(MethodInfo testMethod, DisposalTracker disposalTracker) =>
        new([new TheoryDataRow<Flavor>(Flavor.MySql), new TheoryDataRow<Flavor>(Flavor.MariaDb)]);

    public override bool SupportsDiscoveryEnumeration() => true;
}
