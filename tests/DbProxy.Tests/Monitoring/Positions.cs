using System.Text;
using DbProxy.Core.Gtids;

namespace DbProxy.Tests.Monitoring;

/// <summary>Positions of the source db1.</summary>
internal static class Positions
{
    internal static string Set(int last) => $"{Readings.Uuid(1)}:1-{last}";

    internal static GtidToken Token(int number) =>
        GtidToken.Parse(Encoding.ASCII.GetBytes($"{Readings.Uuid(1)}:{number}"))!;
}
