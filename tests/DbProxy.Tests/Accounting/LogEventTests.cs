using System.Reflection;
using Microsoft.Extensions.Logging;
using Xunit;

namespace DbProxy.Tests.Accounting;

public sealed class LogEventTests
{
    private const BindingFlags All = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic;

    [Fact]
    public void Ids_of_log_events_are_unique_over_all_assemblies()
    {
        var events = Directory.GetFiles(AppContext.BaseDirectory, "*.dll")
            .Where(f => Path.GetFileName(f) is var name && name.StartsWith("dbproxy", StringComparison.OrdinalIgnoreCase) && !name.Contains("Tests", StringComparison.Ordinal))
            .SelectMany(f => Assembly.LoadFrom(f).GetTypes())
            .SelectMany(t => t.GetMethods(All | BindingFlags.DeclaredOnly))
            .Select(m => (Method: m, Attribute: m.GetCustomAttribute<LoggerMessageAttribute>()))
            .Where(m => m.Attribute is not null)
            .ToList();
        Assert.True(events.Count > 20, $"Only {events.Count} log events were found: the test looks in the wrong place.");
        var twice = events.GroupBy(e => e.Attribute!.EventId).Where(g => g.Count() > 1)
            .Select(g => $"{g.Key}: {string.Join(", ", g.Select(e => $"{e.Method.DeclaringType!.Name}.{e.Method.Name}"))}");
        Assert.Empty(twice);
        Assert.DoesNotContain(events, e => e.Attribute!.EventId <= 0);
    }
}
